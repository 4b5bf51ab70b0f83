// Reads protobuf's wire format from bytes that nobody has judged yet: it never loops, never reads past the end.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode } from "./archive-types.ts";
import { WireType } from "./wire-tags.ts";

/** The last second of the year 9999: later instants have no date, so no honest archive holds them. */
export const LATEST_INSTANT = 253_402_300_799;
const LONGEST_VARINT = 10;
/** The longest text, and the longest message inside another: far beyond what servers write, and read in no time. */
const LONGEST_VALUE = 64 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Throws CodedError with `damageCode` for everything that is not well-formed. */
export class WireReader {
  private readonly bytes: Uint8Array;
  private readonly damageCode: ArchiveErrorCode;
  private position: number;
  private end: number;
  /** Of the number that was read last, the bits above the low 32. */
  private high = 0;

  constructor(bytes: Uint8Array, damageCode: ArchiveErrorCode, start = 0) {
    // Never a Buffer, whose `slice` does not copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.damageCode = damageCode;
    this.position = start;
    this.end = bytes.length;
  }

  /** How many bytes lie before the next one to read. */
  get offset(): number {
    return this.position;
  }

  /** True at the end of the message that is being read. */
  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** The next field's number and wire type, as in `fieldTag`. */
  tag(): number {
    const low = this.varint();
    if (this.high !== 0 || low >>> 3 === 0) throw this.damage("a field has no valid number");
    return low >>> 0;
  }

  /** An int32: the low 32 bits, as every protobuf reader takes them. */
  int32(): number {
    return this.varint();
  }

  /** A zig-zag sint32. */
  sint32(): number {
    const value = this.int32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A fixed64 that is an instant in Unix seconds. */
  instant(): number {
    const start = this.advance(8);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 8);
    const value = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
    if (value > LATEST_INSTANT) throw this.damage("an instant lies beyond the year 9999");
    return value;
  }

  /** A view of length-delimited bytes, not a copy. */
  view(): Uint8Array {
    const length = this.length();
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    try {
      return utf8.decode(this.requireShort(this.view()));
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw this.damage("a text is not UTF-8", cause);
    }
  }

  /** Reads an embedded message: calls `field` with each of its tags. */
  message(field: (tag: number) => void): void {
    const outerEnd = this.end;
    const length = this.length();
    if (length > outerEnd - this.position) throw this.damage("a message is longer than what holds it");
    if (length > LONGEST_VALUE) throw this.damage(`a message has more than ${LONGEST_VALUE} bytes`);
    this.end = this.position + length;
    this.fields(field);
    this.end = outerEnd;
  }

  /** Reads the message up to its end: calls `field` with each tag; `field` reads or skips the value. */
  fields(field: (tag: number) => void): void {
    while (!this.atEnd) field(this.tag());
  }

  /**
   * Passes over a field that this version does not know. A number from `firstKnown` to `lastKnown` comes
   * here only with the wrong wire type, which is damage. So are groups: no version of the format had any.
   */
  skipUnknown(tag: number, firstKnown: number, lastKnown: number): void {
    const number = tag >>> 3;
    if (number >= firstKnown && number <= lastKnown) throw this.damage(`field ${number} has the wrong wire type`);
    this.skip(tag);
  }

  /** Passes over the value of any field. */
  skip(tag: number): void {
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (wireType === WireType.varint) this.varint();
    else if (wireType === WireType.fixed64) this.advance(8);
    else if (wireType === WireType.delimited) this.advance(this.length());
    else if (wireType === WireType.fixed32) this.advance(4);
    else throw this.damage(`field ${number} has the unusable wire type ${wireType}`);
  }

  damage(what: string, cause?: unknown): CodedError<ArchiveErrorCode> {
    return new CodedError(this.damageCode, `${what} (near byte ${this.position})`, { cause });
  }

  private requireShort(value: Uint8Array): Uint8Array {
    if (value.length > LONGEST_VALUE) throw this.damage(`a text has more than ${LONGEST_VALUE} bytes`);
    return value;
  }

  private length(): number {
    const low = this.varint();
    return this.high === 0 ? low >>> 0 : Number.POSITIVE_INFINITY;
  }

  /** Moves on by `count` bytes and answers where they began. */
  private advance(count: number): number {
    const start = this.position;
    if (count > this.end - start) throw this.damage("a value is longer than what holds it");
    this.position = start + count;
    return start;
  }

  /** The low 32 bits, signed; the bits above go to `high`, since a pair for each number would cost more than reading it. */
  private varint(): number {
    let low = 0;
    this.high = 0;
    for (let index = 0; index < LONGEST_VARINT && this.position < this.end; index++) {
      const byte = this.bytes[this.position++] ?? 0;
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= bits << 28;
        this.high = bits >>> 4;
      } else this.high += bits * 2 ** (7 * index - 32);
      if (byte < 0x80) return low;
    }
    throw this.damage("a number does not end");
  }
}
