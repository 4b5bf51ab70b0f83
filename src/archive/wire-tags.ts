// Protobuf's wire types, and the tag that begins each field.

export const WireType = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** The number that begins a field on the wire. */
export function fieldTag(number: number, wireType: number): number {
  return number * 8 + wireType;
}
