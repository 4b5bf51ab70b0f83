// Reads a zip the way phones do: from the front, entry after entry, without looking at the central directory (DB 2.1).

import type { PhoneTools } from "./phone-tools.ts";
import { refusal } from "./refusal.ts";

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
const LOCAL_HEADER_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

// Phones code no limit (DB 2.1); this one protects the simulation.
const MAX_ENTRY_BYTES = 256 * 1024 * 1024;

/** All entries in their order, a doubled name twice. Throws `zip_damaged`, also for bytes that are no zip. */
export function readZipStream(bytes: Uint8Array, tools: PhoneTools): ZipEntry[] {
  try {
    return [...readEntries(bytes, tools)];
  } catch (error) {
    throw refusal("zip_damaged", `not readable as a zip: ${String(error)}`);
  }
}

function* readEntries(bytes: Uint8Array, tools: PhoneTools): Generator<ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 4 <= bytes.length && view.getUint32(at, true) === LOCAL_HEADER) {
    const flags = view.getUint16(at + 6, true);
    const method = view.getUint16(at + 8, true);
    const storedSize = view.getUint32(at + 18, true);
    const nameEnd = at + LOCAL_HEADER_LENGTH + view.getUint16(at + 26, true);
    const name = new TextDecoder().decode(bytes.subarray(at + LOCAL_HEADER_LENGTH, nameEnd));
    const dataStart = nameEnd + view.getUint16(at + 28, true);
    const sizesFollow = (flags & 8) !== 0;

    const { output, consumed } = unpack(bytes.subarray(dataStart), method, sizesFollow ? null : storedSize, tools);
    const dataEnd = dataStart + consumed;
    const descriptor = sizesFollow && view.getUint32(dataEnd, true) === DATA_DESCRIPTOR ? dataEnd + 4 : dataEnd;
    const checksum = view.getUint32(sizesFollow ? descriptor : at + 14, true);
    if (tools.crc32(output) !== checksum) throw new RangeError("wrong checksum");

    yield { name, content: output };
    at = sizesFollow ? descriptor + 12 : dataEnd;
  }
}

function unpack(
  data: Uint8Array,
  method: number,
  size: number | null,
  tools: PhoneTools,
): { readonly output: Uint8Array; readonly consumed: number } {
  if (method === DEFLATED) return tools.inflatePrefix(data, MAX_ENTRY_BYTES);
  if (method !== STORED || size === null || size > data.length) throw new RangeError("unsupported or truncated entry");
  return { output: data.subarray(0, size), consumed: size };
}
