// The end of a zip: where its directory lies. Numbers may stand in Zip64 records, which some tools write for small files.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode } from "./archive-types.ts";
import { End, EXTRA_ZIP64, Locator64, Record64, Signature } from "./zip-layout.ts";

export interface EndRecord {
  readonly directoryOffset: number;
  readonly directoryEnd: number;
  readonly count: number;
}

const LETTERS_PK = 0x4b50;
const LONGEST_COMMENT = 0xffff;
/** Marks a number of 32 bits whose value is in the Zip64 field. */
const MARK_32 = 0xffff_ffff;
const MARK_16 = 0xffff;

/** Throws CodedError `archive_not_zip` or `archive_zip_damaged`. */
export function readEndRecord(view: DataView): EndRecord {
  if (view.byteLength < 4 || view.getUint16(0, true) !== LETTERS_PK) {
    throw new CodedError<ArchiveErrorCode>("archive_not_zip", "the file is not a zip");
  }
  const at = findEndRecord(view);
  const count = view.getUint16(at + End.entries, true);
  const directoryOffset = view.getUint32(at + End.directoryOffset, true);
  const directorySize = view.getUint32(at + End.directorySize, true);
  const onOneDisk =
    view.getUint16(at + End.disk, true) === 0 &&
    view.getUint16(at + End.directoryDisk, true) === 0 &&
    view.getUint16(at + End.entriesOnDisk, true) === count;
  insist(onOneDisk, "the zip is divided over several disks");
  if (directoryOffset + directorySize === at) return { directoryOffset, directoryEnd: at, count };
  return readEndRecord64(view, at, { count, directoryOffset, directorySize });
}

/** The last one there is, with nothing behind it but the comment that it announces. */
function findEndRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - End.length - LONGEST_COMMENT);
  for (let at = view.byteLength - End.length; at >= first; at--) {
    if (view.getUint32(at, true) !== Signature.end) continue;
    const end = at + End.length + view.getUint16(at + End.commentLength, true);
    insist(end === view.byteLength, "something stands behind the end of the zip");
    return at;
  }
  throw damaged("the end of the zip is missing");
}

/** The Zip64 record lies between directory and end record, with its locator; what the end record says is its mark or the same. */
function readEndRecord64(
  view: DataView,
  endAt: number,
  end: { readonly count: number; readonly directoryOffset: number; readonly directorySize: number },
): EndRecord {
  const message = "the central directory does not reach to the end record";
  const locator = endAt - Locator64.length;
  const at = locator - Record64.length;
  insist(at >= 0 && view.getUint32(locator, true) === Signature.locator64, message);
  insist(view.getUint32(at, true) === Signature.end64, message);
  const isPlain =
    wide(view, locator + Locator64.recordOffset) === at &&
    wide(view, at + Record64.size) === Record64.length - Record64.size - 8 &&
    view.getUint32(at + Record64.disk, true) === 0 &&
    view.getUint32(at + Record64.directoryDisk, true) === 0;
  insist(isPlain, "the Zip64 record is damaged");
  const count = wide(view, at + Record64.entries);
  const directoryOffset = wide(view, at + Record64.directoryOffset);
  const directorySize = wide(view, at + Record64.directorySize);
  const agrees =
    wide(view, at + Record64.entriesOnDisk) === count &&
    (end.count === MARK_16 || end.count === count) &&
    (end.directoryOffset === MARK_32 || end.directoryOffset === directoryOffset) &&
    (end.directorySize === MARK_32 || end.directorySize === directorySize);
  insist(agrees, "end record and Zip64 record contradict each other");
  insist(directoryOffset + directorySize === at, message);
  return { directoryOffset, directoryEnd: at, count };
}

/**
 * Numbers of a header in the order of the Zip64 field, those that are only marked taken from it. A header that marks
 * nothing needs no such field.
 */
export function readZip64(view: DataView, from: number, to: number, numbers: readonly number[]): readonly number[] {
  if (!numbers.includes(MARK_32)) return numbers;
  let at = findExtra(view, from, to);
  return numbers.map((number) => {
    if (number !== MARK_32) return number;
    insist(at.start + 8 <= at.end, "a Zip64 field is cut off");
    const value = wide(view, at.start);
    at = { start: at.start + 8, end: at.end };
    return value;
  });
}

function findExtra(view: DataView, from: number, to: number): { start: number; end: number } {
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    insist(end <= to, "an extra field is cut off");
    if (view.getUint16(at, true) === EXTRA_ZIP64) return { start: at + 4, end };
    at = end;
  }
  throw damaged("a Zip64 field is missing");
}

/** A number of 64 bits, which nothing in a file of ours can need to the full. */
export function wide(view: DataView, at: number): number {
  insist(at + 8 <= view.byteLength, "a Zip64 number is cut off");
  const value = Number(view.getBigUint64(at, true));
  insist(value <= view.byteLength * MOST_RATIO, "a Zip64 number is too large");
  return value;
}

/** DEFLATE makes no more than this of a byte. */
const MOST_RATIO = 1_032;

export function insist(condition: boolean, message: string): asserts condition {
  if (!condition) throw damaged(message);
}

function damaged(message: string): CodedError<ArchiveErrorCode> {
  return new CodedError("archive_zip_damaged", message);
}
