// Writes zips of every form, the wrong ones included, to try readers with.

import { crc32, deflateRawSync } from "node:zlib";

export interface CraftedEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly stored?: boolean;
  /** A data descriptor behind the data, as streaming writers leave it, with or without its signature word. */
  readonly descriptor?: "signed" | "bare";
  /** What the local header says beside a descriptor: nothing, as a rule; `zip -fd` fills the size in. */
  readonly localKnows?: "nothing" | "size" | "everything";
  /** Numbers of 64 bits in the local header and the descriptor. */
  readonly wide?: true;
  /** The same in the directory. */
  readonly wideInDirectory?: true;
  readonly localName?: string;
  readonly localFlags?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  /** The inflated size that the headers declare. */
  readonly size?: number;
  /** Instead of what DEFLATE makes of the content. */
  readonly data?: Uint8Array;
  readonly extra?: Uint8Array;
  readonly comment?: Uint8Array;
}

export interface CraftOptions {
  readonly before?: Uint8Array;
  readonly between?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
  readonly comment?: Uint8Array;
  /** Whether offsets count what stands before the first entry. */
  readonly countBefore?: boolean;
  /** In another order than the entries lie. */
  readonly directoryReversed?: true;
  /** A Zip64 record at the end, changed at will; the end record has its marks. */
  readonly wideEnd?: (record: Buffer, locator: Buffer) => void;
}

const NOTHING = new Uint8Array(0);

export function craftZip(entries: readonly CraftedEntry[], options: CraftOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [options.before ?? NOTHING];
  const directory: Uint8Array[] = [];
  let offset = options.countBefore === false ? 0 : (options.before?.length ?? 0);
  for (const entry of entries) {
    const crafted = craftEntry(entry);
    directory.push(centralRecord(entry, crafted, offset));
    parts.push(crafted.bytes, options.between ?? NOTHING);
    offset += crafted.bytes.length + (options.between?.length ?? 0);
  }
  parts.push(options.beforeDirectory ?? NOTHING);
  offset += options.beforeDirectory?.length ?? 0;
  const central = Buffer.concat(options.directoryReversed === true ? directory.toReversed() : directory);
  const comment = options.comment ?? NOTHING;
  const wideEnd = options.wideEnd === undefined ? NOTHING : craftWideEnd(entries.length, central.length, offset);
  options.wideEnd?.(Buffer.from(wideEnd.buffer, 0, 56), Buffer.from(wideEnd.buffer, 56, 20));
  const isWide = wideEnd.length > 0;
  const count = isWide ? 0xffff : entries.length;
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count]);
  const rest = record([4, isWide ? MARK : central.length], [4, isWide ? MARK : offset], [2, comment.length]);
  return new Uint8Array(Buffer.concat([...parts, central, wideEnd, end, rest, comment]));
}

const MARK = 0xffff_ffff;

function craftWideEnd(count: number, directorySize: number, directoryOffset: number): Uint8Array {
  const head = record([4, 0x06064b50], [4, 44], [4, 0], [2, 45], [2, 45], [4, 0], [4, 0], ...wide(count, count));
  const locator = record([4, 0x07064b50], [4, 0], ...wide(directoryOffset + directorySize), [4, 1]);
  return Uint8Array.from(Buffer.concat([head, record(...wide(directorySize, directoryOffset)), locator]));
}

/** Numbers of 64 bits. */
function wide(...values: readonly number[]): [number, number][] {
  return values.flatMap((value): [number, number][] => [
    [4, value],
    [4, 0],
  ]);
}

interface Crafted {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly sums: { readonly crc: number; readonly compressedSize: number; readonly size: number };
}

function craftEntry(entry: CraftedEntry): Crafted {
  const data = entry.data ?? (entry.stored === true ? entry.content : deflateRawSync(entry.content));
  const flags = entry.flags ?? (entry.descriptor === undefined ? 0 : 8);
  const method = entry.method ?? (entry.stored === true ? 0 : 8);
  const sums = {
    crc: entry.crc ?? crc32(entry.content),
    compressedSize: data.length,
    size: entry.size ?? entry.content.length,
  };
  const name = Buffer.from(entry.localName ?? entry.name, "latin1");
  const known = localSums(entry, sums);
  const extra = Buffer.concat([
    entry.extra ?? NOTHING,
    entry.wide === true ? record([2, 1], [2, 16], ...wide(known.size, known.compressedSize)) : NOTHING,
  ]);
  const sizes: [number, number][] =
    entry.wide === true
      ? [
          [4, MARK],
          [4, MARK],
        ]
      : [
          [4, known.compressedSize],
          [4, known.size],
        ];
  const localFlags = entry.localFlags ?? flags;
  const header = record([4, 0x04034b50], [2, 20], [2, localFlags], [2, method], [4, 0], [4, known.crc], ...sizes);
  const lengths = record([2, name.length], [2, extra.length]);
  const signed: [number, number][] = entry.descriptor === "signed" ? [[4, 0x08074b50]] : [];
  const described: [number, number][] =
    entry.wide === true
      ? wide(sums.compressedSize, sums.size)
      : [
          [4, sums.compressedSize],
          [4, sums.size],
        ];
  const descriptor = entry.descriptor === undefined ? NOTHING : record(...signed, [4, sums.crc], ...described);
  return { bytes: Buffer.concat([header, lengths, name, extra, data, descriptor]), flags, method, sums };
}

function localSums({ descriptor, localKnows = "nothing" }: CraftedEntry, sums: Crafted["sums"]): Crafted["sums"] {
  if (descriptor === undefined || localKnows === "everything") return sums;
  return { crc: 0, compressedSize: 0, size: localKnows === "size" ? sums.size : 0 };
}

function centralRecord(entry: CraftedEntry, { flags, method, sums }: Crafted, offset: number): Uint8Array {
  const name = Buffer.from(entry.name, "latin1");
  const isWide = entry.wideInDirectory === true;
  const extra = Buffer.concat([
    entry.extra ?? NOTHING,
    isWide ? record([2, 1], [2, 24], ...wide(sums.size, sums.compressedSize, offset)) : NOTHING,
  ]);
  const comment = entry.comment ?? NOTHING;
  const [compressedSize, size] = isWide ? [MARK, MARK] : [sums.compressedSize, sums.size];
  const header = record([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [4, 0], [4, sums.crc]);
  const sizes = record([4, compressedSize], [4, size]);
  const lengths = record([2, name.length], [2, extra.length], [2, comment.length], [2, 0], [2, 0], [4, 0]);
  return Buffer.concat([header, sizes, lengths, record([4, isWide ? MARK : offset]), name, extra, comment]);
}

/** Little-endian numbers, each given as length in bytes and value. */
function record(...fields: readonly (readonly [length: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [length]) => sum + length, 0));
  let at = 0;
  for (const [length, value] of fields) at = bytes.writeUIntLE(value, at, length);
  return bytes;
}
