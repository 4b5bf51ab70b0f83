// Reads the structure of a zip, in every form that common tools write, and refuses all that two readers could understand
// differently.

import { insist, readEndRecord, readZip64, wide } from "./zip-end.ts";
import type { DirectoryEntry, EntrySums, LocatedEntry } from "./zip-entry.ts";
import { Central, Flag, Local, Signature } from "./zip-layout.ts";

/**
 * The entries of a zip in the order of their bytes. `acceptName` is asked before anything more of an entry is read, and
 * throws. The entries follow each other without a gap from the first byte to the central directory, which reaches to the
 * end record, which ends the file but for a comment; local headers, central directory and data descriptors do not
 * contradict each other. Extra fields and comments are passed over, Zip64 is read, encryption is refused.
 * Throws CodedError `archive_not_zip` or `archive_zip_damaged`.
 */
export function readZipEntries(bytes: Uint8Array, acceptName: (name: string) => void): LocatedEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { directoryOffset, directoryEnd, count } = readEndRecord(view);
  const entries = readDirectory(view, directoryOffset, directoryEnd, count, acceptName);
  // Some tools sort the directory in another way than the entries lie.
  entries.sort((left, right) => left.localOffset - right.localOffset);
  insist((entries[0]?.localOffset ?? directoryOffset) === 0, "something stands before the first entry");
  return entries.map((entry, index) => locateEntry(view, entry, entries[index + 1]?.localOffset ?? directoryOffset));
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
    const extraStart = at + Central.length + nameLength;
    const extraEnd = extraStart + view.getUint16(at + Central.extraLength, true);
    const end = extraEnd + view.getUint16(at + Central.commentLength, true);
    insist(end <= to, "an entry of the directory is cut off");
    insist(view.getUint16(at + Central.disk, true) === 0, "an entry lies on another disk");
    const name = nameAt(view, at + Central.length, nameLength);
    acceptName(name);
    const numbers = [Central.size, Central.compressedSize, Central.localOffset].map((field) =>
      view.getUint32(at + field, true),
    );
    const [size = 0, compressedSize = 0, localOffset = 0] = readZip64(view, extraStart, extraEnd, numbers);
    entries.push({
      name,
      flags: view.getUint16(at + Central.flags, true),
      method: view.getUint16(at + Central.method, true),
      crc: view.getUint32(at + Central.crc, true),
      compressedSize,
      size,
      localOffset,
    });
    at = end;
  }
  insist(at === to, "the central directory holds more than its entries");
  return entries;
}

const ACCEPTED_FLAGS = Flag.compressionLevel | Flag.descriptor | Flag.utf8;

/** `end` is where the next entry begins, or the central directory: the entry has to reach exactly up to there. */
function locateEntry(view: DataView, entry: DirectoryEntry, end: number): LocatedEntry {
  const at = entry.localOffset;
  insist(at + Local.length <= end && end <= view.byteLength, "entries overlap");
  insist(view.getUint32(at, true) === Signature.local, "a local header is damaged");
  const flags = view.getUint16(at + Local.flags, true);
  insist(((entry.flags | flags) & ~ACCEPTED_FLAGS) === 0, "an entry is encrypted or uses unknown features");
  const nameLength = view.getUint16(at + Local.nameLength, true);
  const extraStart = at + Local.length + nameLength;
  const dataStart = extraStart + view.getUint16(at + Local.extraLength, true);
  const dataEnd = dataStart + entry.compressedSize;
  insist(dataEnd <= end, "entries overlap");
  const agrees =
    view.getUint16(at + Local.method, true) === entry.method &&
    nameAt(view, at + Local.length, nameLength) === entry.name;
  insist(agrees, "local header and central directory contradict each other");
  const local = localSums(view, at, extraStart, dataStart);
  // A reader that streams knows by the local header alone whether a descriptor follows.
  if (flags & Flag.descriptor) requireDescriptor(view, entry, local, dataEnd, end);
  else insist(dataEnd === end && doAgree(local, entry), "sizes or checksum of an entry contradict");
  return { ...entry, data: new Uint8Array(view.buffer, view.byteOffset + dataStart, entry.compressedSize) };
}

function localSums(view: DataView, at: number, extraStart: number, extraEnd: number): EntrySums {
  const numbers = [Local.size, Local.compressedSize].map((field) => view.getUint32(at + field, true));
  const [size = 0, compressedSize = 0] = readZip64(view, extraStart, extraEnd, numbers);
  return { crc: view.getUint32(at + Local.crc, true), compressedSize, size };
}

/**
 * A data descriptor follows the data, with or without its signature word, of numbers with 32 or 64 bits. Each field of the
 * local header is 0 or right: tools fill in what they know (Info-ZIP's `zip -fd` the size).
 */
function requireDescriptor(view: DataView, entry: DirectoryEntry, local: EntrySums, at: number, end: number): void {
  const length = end - at;
  const isSigned = length === 16 || length === 24;
  insist(isSigned || length === 12 || length === 20, "the data descriptor of an entry is damaged");
  insist(!isSigned || view.getUint32(at, true) === Signature.descriptor, "the data descriptor of an entry is damaged");
  const sums = isSigned ? at + 4 : at;
  const isWide = length >= 20;
  const described: EntrySums = {
    crc: view.getUint32(sums, true),
    compressedSize: isWide ? wide(view, sums + 4) : view.getUint32(sums + 4, true),
    size: isWide ? wide(view, sums + 12) : view.getUint32(sums + 8, true),
  };
  insist(doAgree(described, entry), "data descriptor and central directory contradict each other");
  const agrees =
    isLeftOpen(local.crc, entry.crc) &&
    isLeftOpen(local.compressedSize, entry.compressedSize) &&
    isLeftOpen(local.size, entry.size);
  insist(agrees, "local header and central directory contradict each other");
}

function isLeftOpen(known: number, right: number): boolean {
  return known === 0 || known === right;
}

function doAgree(one: EntrySums, other: EntrySums): boolean {
  return one.crc === other.crc && one.compressedSize === other.compressedSize && one.size === other.size;
}

function nameAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}
