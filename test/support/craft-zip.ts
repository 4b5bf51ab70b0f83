// Writes zips of every form, the wrong ones included, to try readers with.

import { crc32, deflateRawSync } from "node:zlib";

export interface CraftedEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly stored?: boolean;
  /** A data descriptor behind the data, as streaming writers leave it, with or without its signature word. */
  readonly descriptor?: "signed" | "bare";
  readonly localName?: string;
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
  const central = Buffer.concat(directory);
  const comment = options.comment ?? NOTHING;
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length]);
  const rest = record([4, central.length], [4, offset], [2, comment.length]);
  return new Uint8Array(Buffer.concat([...parts, central, end, rest, comment]));
}

interface Crafted {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly sums: [number, number][];
}

function craftEntry(entry: CraftedEntry): Crafted {
  const data = entry.data ?? (entry.stored === true ? entry.content : deflateRawSync(entry.content));
  const flags = entry.flags ?? (entry.descriptor === undefined ? 0 : 8);
  const method = entry.method ?? (entry.stored === true ? 0 : 8);
  const sums: [number, number][] = [
    [4, entry.crc ?? crc32(entry.content)],
    [4, data.length],
    [4, entry.size ?? entry.content.length],
  ];
  const name = Buffer.from(entry.localName ?? entry.name, "latin1");
  const extra = entry.extra ?? NOTHING;
  const localSums: [number, number][] =
    entry.descriptor === undefined
      ? sums
      : [
          [4, 0],
          [4, 0],
          [4, 0],
        ];
  const header = record([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0], ...localSums);
  const lengths = record([2, name.length], [2, extra.length]);
  const signed: [number, number][] = entry.descriptor === "signed" ? [[4, 0x08074b50]] : [];
  const descriptor = entry.descriptor === undefined ? NOTHING : record(...signed, ...sums);
  return { bytes: Buffer.concat([header, lengths, name, extra, data, descriptor]), flags, method, sums };
}

function centralRecord(entry: CraftedEntry, { flags, method, sums }: Crafted, offset: number): Uint8Array {
  const name = Buffer.from(entry.name, "latin1");
  const extra = entry.extra ?? NOTHING;
  const comment = entry.comment ?? NOTHING;
  const header = record([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [4, 0], ...sums);
  const lengths = record([2, name.length], [2, extra.length], [2, comment.length], [2, 0], [2, 0], [4, 0], [4, offset]);
  return Buffer.concat([header, lengths, name, extra, comment]);
}

/** Little-endian numbers, each given as length in bytes and value. */
function record(...fields: readonly (readonly [length: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [length]) => sum + length, 0));
  let at = 0;
  for (const [length, value] of fields) at = bytes.writeUIntLE(value, at, length);
  return bytes;
}
