// Revision tokens as bytes: what they hold, at a length that tells nothing about it.

import { KEY_LENGTH } from "../../core/exposure-key.ts";

/** One exposure key that the token's holder may revise. */
export interface TokenEntry {
  readonly keyData: Uint8Array;
  readonly rollingStart: number;
  readonly rollingPeriod: number;
  /** The supplier by whose word it may be revised; null: uploaded here. */
  readonly supplierId: number | null;
}

/** Twice the keys of a large upload; with more, the oldest cannot be revised any more (KS 13.2 R1). */
export const TOKEN_CAPACITY = 60;

const START_AT = KEY_LENGTH;
const PERIOD_AT = START_AT + 4;
const SUPPLIER_AT = PERIOD_AT + 1;
const ENTRY_BYTES = SUPPLIER_AT + 4;
/** No supplier has this number. */
const NO_SUPPLIER = 0;
export const CONTENT_BYTES = 1 + TOKEN_CAPACITY * ENTRY_BYTES;

/** Always equally long. Of one key that is named twice the first entry stays; of too many those that end last. */
export function writeEntries(entries: readonly TokenEntry[]): Uint8Array {
  const kept = withoutRepeats(entries)
    .toSorted((left, right) => endOf(right) - endOf(left))
    .slice(0, TOKEN_CAPACITY);
  const bytes = new Uint8Array(CONTENT_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = kept.length;
  for (const [index, entry] of kept.entries()) {
    const at = 1 + index * ENTRY_BYTES;
    bytes.set(entry.keyData, at);
    view.setUint32(at + START_AT, entry.rollingStart);
    view.setUint8(at + PERIOD_AT, entry.rollingPeriod);
    view.setUint32(at + SUPPLIER_AT, entry.supplierId ?? NO_SUPPLIER);
  }
  return bytes;
}

/** What `writeEntries` wrote, or null for anything else. */
export function readEntries(bytes: Uint8Array): TokenEntry[] | null {
  const count = bytes[0] ?? 0;
  if (bytes.length !== CONTENT_BYTES || count > TOKEN_CAPACITY) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => {
    const at = 1 + index * ENTRY_BYTES;
    return {
      keyData: bytes.slice(at, at + KEY_LENGTH),
      rollingStart: view.getUint32(at + START_AT),
      rollingPeriod: view.getUint8(at + PERIOD_AT),
      supplierId: view.getUint32(at + SUPPLIER_AT) || null,
    };
  });
}

/** They are few: to compare each with each costs less than names for all of them. */
function withoutRepeats(entries: readonly TokenEntry[]): TokenEntry[] {
  return entries.filter((entry, index) => entries.findIndex((other) => areEqual(other, entry)) === index);
}

function areEqual({ keyData: one }: TokenEntry, { keyData: other }: TokenEntry): boolean {
  for (let index = 0; index < KEY_LENGTH; index++) if (one[index] !== other[index]) return false;
  return true;
}

function endOf({ rollingStart, rollingPeriod }: TokenEntry): number {
  return rollingStart + rollingPeriod;
}
