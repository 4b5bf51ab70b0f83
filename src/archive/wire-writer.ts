// Writes protobuf's wire format into one growing array.

import { fieldTag, WireType } from "./wire-tags.ts";

const utf8 = new TextEncoder();

/** Fields are written in the order of the calls; numbers must be whole and not negative. */
export class WireWriter {
  private bytes: Uint8Array;
  private length = 0;

  /** With the right `capacity` in bytes nothing is ever copied. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  varintField(number: number, value: number): void {
    this.reserve(20);
    this.varint(fieldTag(number, WireType.varint));
    this.varint(value);
  }

  /** A zig-zag sint32. */
  sint32Field(number: number, value: number): void {
    this.varintField(number, ((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed64Field(number: number, value: number): void {
    this.reserve(18);
    this.varint(fieldTag(number, WireType.fixed64));
    const view = new DataView(this.bytes.buffer, this.length, 8);
    view.setUint32(0, value % 2 ** 32, true);
    view.setUint32(4, Math.floor(value / 2 ** 32), true);
    this.length += 8;
  }

  textField(number: number, text: string): void {
    this.bytesField(number, utf8.encode(text));
  }

  /** Bytes, text or an embedded message; of `value` only `length` bytes from `start` on where these are given. */
  bytesField(number: number, value: Uint8Array, start = 0, length = value.length): void {
    this.reserve(20 + length);
    this.varint(fieldTag(number, WireType.delimited));
    this.varint(length);
    // Byte by byte where they are few: a view of them would cost more.
    if (length < 64) for (let at = start; at < start + length; at++) this.bytes[this.length++] = value[at] ?? 0;
    else this.raw(value.subarray(start, start + length));
  }

  /** An embedded message of less than 128 bytes, written in place by `body`. */
  shortMessage(number: number, body: () => void): void {
    this.reserve(11);
    this.varint(fieldTag(number, WireType.delimited));
    const lengthAt = this.length++;
    body();
    const length = this.length - lengthAt - 1;
    if (length > 127) throw new RangeError("a short message has less than 128 bytes");
    this.bytes[lengthAt] = length;
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  /** What was written; a view, so the writer is not to be used afterwards. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
