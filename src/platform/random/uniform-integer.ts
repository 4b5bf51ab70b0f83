// An unbiased integer from random bytes, the same for every source of them.

/**
 * Draws a uniform integer in 0..max, both included; `max` is at most 2^53 - 1.
 * Draws that would favour small results are thrown away and drawn again.
 */
export function drawUniformInteger(max: number, drawBytes: (count: number) => Uint8Array): number {
  if (!Number.isSafeInteger(max) || max < 0) throw new RangeError(`not an upper bound for an integer: ${max}`);
  const results = max + 1;
  const draws = max < 2 ** 32 ? 2 ** 32 : 2 ** 53;
  const fairDraws = draws - (draws % results);
  for (;;) {
    const drawn = draws === 2 ** 32 ? drawUint32(drawBytes) : drawUint53(drawBytes);
    if (drawn < fairDraws) return drawn % results;
  }
}

function drawUint32(drawBytes: (count: number) => Uint8Array): number {
  const bytes = drawBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

function drawUint53(drawBytes: (count: number) => Uint8Array): number {
  return (drawUint32(drawBytes) & 0x1f_ffff) * 2 ** 32 + drawUint32(drawBytes);
}
