// Writes a zip of deflated entries: equal input gives equal bytes.

import { releaseBytes } from "../core/release-bytes.ts";
import type { ArchiveTools } from "./archive-types.ts";
import { Central, End, Local, Method, Signature } from "./zip-layout.ts";

export interface ZipEntry {
  /** ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The version of the format in which DEFLATE came: 2.0. */
const VERSION = 20;

/**
 * The entries in their order, without times (KS 1.2), extra fields or comments. Sizes stand in the local headers, so
 * that streaming readers need no data descriptors.
 */
export async function writeZip(entries: readonly ZipEntry[], tools: ArchiveTools): Promise<Uint8Array> {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = await packEntry(entry, tools);
    const local = localHeader(packed);
    locals.push(local, packed.data);
    centrals.push(centralHeader(packed, offset));
    offset += local.length + packed.data.length;
  }
  const directory = concatenate(centrals);
  const zip = concatenate([...locals, directory, endRecord(entries.length, directory.length, offset)]);
  for (const local of locals) releaseBytes(local);
  return zip;
}

interface PackedEntry {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly data: Uint8Array;
}

async function packEntry(entry: ZipEntry, tools: ArchiveTools): Promise<PackedEntry> {
  return {
    name: new TextEncoder().encode(entry.name),
    crc: await tools.crc32(entry.bytes),
    size: entry.bytes.length,
    data: await tools.deflate(entry.bytes),
  };
}

function localHeader(entry: PackedEntry): Uint8Array {
  const view = new DataView(new ArrayBuffer(Local.length));
  view.setUint32(0, Signature.local, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(Local.method, Method.deflated, true);
  view.setUint32(Local.crc, entry.crc, true);
  view.setUint32(Local.compressedSize, entry.data.length, true);
  view.setUint32(Local.size, entry.size, true);
  view.setUint16(Local.nameLength, entry.name.length, true);
  return concatenate([new Uint8Array(view.buffer), entry.name]);
}

function centralHeader(entry: PackedEntry, localOffset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(Central.length));
  view.setUint32(0, Signature.central, true);
  view.setUint16(Central.versionMadeBy, VERSION, true);
  view.setUint16(Central.versionNeeded, VERSION, true);
  view.setUint16(Central.method, Method.deflated, true);
  view.setUint32(Central.crc, entry.crc, true);
  view.setUint32(Central.compressedSize, entry.data.length, true);
  view.setUint32(Central.size, entry.size, true);
  view.setUint16(Central.nameLength, entry.name.length, true);
  view.setUint32(Central.localOffset, localOffset, true);
  return concatenate([new Uint8Array(view.buffer), entry.name]);
}

function endRecord(entries: number, directorySize: number, directoryOffset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(End.length));
  view.setUint32(0, Signature.end, true);
  view.setUint16(End.entriesOnDisk, entries, true);
  view.setUint16(End.entries, entries, true);
  view.setUint32(End.directorySize, directorySize, true);
  view.setUint32(End.directoryOffset, directoryOffset, true);
  return new Uint8Array(view.buffer);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
