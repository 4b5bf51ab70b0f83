// A cursor over protobuf fields, tolerant where phones are: unknown fields are stepped over (DB 2.2).

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Throws RangeError for anything that is not a sequence of whole fields. */
export class WireReader {
  /** The number of the current field. */
  field = 0;
  private readonly bytes: Uint8Array;
  private at = 0;
  private wireType = VARINT;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Moves to the next field; false at the end. Its value must then be read or skipped. */
  next(): boolean {
    if (this.at === this.bytes.length) return false;
    const tag = this.readVarint() >>> 0;
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new RangeError("field number 0");
    return true;
  }

  /** An int32 or an enum. */
  int32(): number {
    this.expect(VARINT);
    return this.readVarint();
  }

  /** A zig-zag coded int32. */
  sint32(): number {
    const value = this.int32();
    return (value >>> 1) ^ -(value & 1);
  }

  fixed64(): bigint {
    this.expect(FIXED64);
    const start = this.advance(8);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 8).getBigUint64(0, true);
  }

  /** A view, not a copy. */
  span(): Uint8Array {
    this.expect(BYTES);
    const length = this.readVarint() >>> 0;
    const start = this.advance(length);
    return this.bytes.subarray(start, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.span());
  }

  skip(): void {
    if (this.wireType === VARINT) this.readVarint();
    else if (this.wireType === FIXED64) this.advance(8);
    else if (this.wireType === BYTES) this.span();
    else if (this.wireType === FIXED32) this.advance(4);
    else throw new RangeError(`wire type ${this.wireType}`);
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw new RangeError(`wire type ${this.wireType} in field ${this.field}`);
  }

  private advance(count: number): number {
    const start = this.at;
    if (start + count > this.bytes.length) throw new RangeError("field ends behind the message");
    this.at = start + count;
    return start;
  }

  /** The lower 32 bits, signed, as int32 is defined; at most ten bytes. */
  private readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new RangeError("number ends behind the message");
      this.at++;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("number of more than ten bytes");
  }
}
