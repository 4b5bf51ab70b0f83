// Reads the structure of a zip and refuses all that two readers could understand differently.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode } from "./archive-types.ts";
import { Central, End, Flag, Local, Method, Signature } from "./zip-layout.ts";

export interface DirectoryEntry {
  /** One character per byte: enough to compare with ASCII names, and never ambiguous. */
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

/** An entry with its bytes as they stand in the zip, not inflated. */
export interface LocatedEntry extends DirectoryEntry {
  readonly data: Uint8Array;
}

/**
 * The entries of a zip in their order. `acceptName` is asked before anything more of an entry is read, and throws.
 * The entries follow each other from the first byte to the central directory, which reaches to the end record, which
 * ends the file; local headers, central directory and data descriptors say the same. No encryption, no zip64.
 * Throws CodedError `archive_not_zip` or `archive_zip_damaged`.
 */
export function readZipEntries(bytes: Uint8Array, acceptName: (name: string) => void): LocatedEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { directoryOffset, endOffset, count } = readEndRecord(view);
  const entries = readDirectory(view, directoryOffset, endOffset, count, acceptName);
  return entries.map((entry, index) => locateEntry(view, entry, entries[index + 1]?.localOffset ?? directoryOffset));
}

interface EndRecord {
  readonly directoryOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

const LETTERS_PK = 0x4b50;

function readEndRecord(view: DataView): EndRecord {
  const endOffset = view.byteLength - End.length;
  if (view.byteLength < 4 || view.getUint16(0, true) !== LETTERS_PK) {
    throw new CodedError<ArchiveErrorCode>("archive_not_zip", "the file is not a zip");
  }
  insist(endOffset >= 0 && view.getUint32(endOffset, true) === Signature.end, "the end of the zip is missing");
  const count = view.getUint16(endOffset + End.entries, true);
  const directoryOffset = view.getUint32(endOffset + End.directoryOffset, true);
  const directorySize = view.getUint32(endOffset + End.directorySize, true);
  const onOneDisk =
    view.getUint16(endOffset + End.disk, true) === 0 &&
    view.getUint16(endOffset + End.directoryDisk, true) === 0 &&
    view.getUint16(endOffset + End.entriesOnDisk, true) === count;
  insist(onOneDisk, "the zip is divided over several disks");
  insist(view.getUint16(endOffset + End.commentLength, true) === 0, "the zip has a comment");
  insist(directoryOffset + directorySize === endOffset, "the central directory does not reach to the end record");
  return { directoryOffset, endOffset, count };
}

function readDirectory(
  view: DataView,
  from: number,
  to: number,
  count: number,
  acceptName: (name: string) => void,
): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  let at = from;
  while (entries.length < count) {
    insist(at + Central.length <= to && view.getUint32(at, true) === Signature.central, "the directory is damaged");
    const nameLength = view.getUint16(at + Central.nameLength, true);
    const extraLength = view.getUint16(at + Central.extraLength, true);
    const length = Central.length + nameLength + extraLength;
    insist(at + length <= to, "an entry of the directory is cut off");
    insist(view.getUint16(at + Central.commentLength, true) === 0, "an entry has a comment");
    insist(view.getUint16(at + Central.disk, true) === 0, "an entry lies on another disk");
    const name = nameAt(view, at + Central.length, nameLength);
    acceptName(name);
    entries.push({
      name,
      flags: view.getUint16(at + Central.flags, true),
      method: view.getUint16(at + Central.method, true),
      crc: view.getUint32(at + Central.crc, true),
      compressedSize: view.getUint32(at + Central.compressedSize, true),
      size: view.getUint32(at + Central.size, true),
      localOffset: view.getUint32(at + Central.localOffset, true),
    });
    at += length;
  }
  insist(at === to, "the central directory holds more than its entries");
  insist((entries[0]?.localOffset ?? from) === 0, "something stands before the first entry");
  return entries;
}

const ACCEPTED_FLAGS = Flag.compressionLevel | Flag.descriptor | Flag.utf8;

/** `end` is where the next entry begins, or the central directory: the entry has to reach exactly up to there. */
function locateEntry(view: DataView, entry: DirectoryEntry, end: number): LocatedEntry {
  const at = entry.localOffset;
  insist((entry.flags & ~ACCEPTED_FLAGS) === 0, "an entry is encrypted or uses unknown features");
  insist(
    entry.method === Method.stored || entry.method === Method.deflated,
    "an entry is compressed in an unknown way",
  );
  insist(at + Local.length <= end && end <= view.byteLength, "entries overlap");
  insist(view.getUint32(at, true) === Signature.local, "a local header is damaged");
  const nameLength = view.getUint16(at + Local.nameLength, true);
  const dataStart = at + Local.length + nameLength + view.getUint16(at + Local.extraLength, true);
  const dataEnd = dataStart + entry.compressedSize;
  insist(dataEnd <= end, "entries overlap");
  const agrees =
    view.getUint16(at + Local.flags, true) === entry.flags &&
    view.getUint16(at + Local.method, true) === entry.method &&
    nameAt(view, at + Local.length, nameLength) === entry.name;
  insist(agrees, "local header and central directory contradict each other");
  if (entry.flags & Flag.descriptor) requireDescriptor(view, entry, dataEnd, end);
  else insist(dataEnd === end && sizesAgree(view, at + Local.crc, entry), "sizes or checksum of an entry contradict");
  return { ...entry, data: new Uint8Array(view.buffer, view.byteOffset + dataStart, entry.compressedSize) };
}

/** A data descriptor follows the data, with or without its signature word; the local header may leave its fields 0. */
function requireDescriptor(view: DataView, entry: DirectoryEntry, at: number, end: number): void {
  const length = end - at;
  const hasSignature = length === 16 && view.getUint32(at, true) === Signature.descriptor;
  insist(hasSignature || length === 12, "the data descriptor of an entry is damaged");
  const local = entry.localOffset + Local.crc;
  const localIsZero = [0, 4, 8].every((offset) => view.getUint32(local + offset, true) === 0);
  insist(sizesAgree(view, end - 12, entry), "data descriptor and central directory contradict each other");
  insist(localIsZero || sizesAgree(view, local, entry), "local header and central directory contradict each other");
}

/** Compares checksum, compressed size and size, which stand in this order everywhere. */
function sizesAgree(view: DataView, at: number, entry: DirectoryEntry): boolean {
  return (
    view.getUint32(at, true) === entry.crc &&
    view.getUint32(at + 4, true) === entry.compressedSize &&
    view.getUint32(at + 8, true) === entry.size
  );
}

function nameAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function insist(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CodedError<ArchiveErrorCode>("archive_zip_damaged", message);
}
