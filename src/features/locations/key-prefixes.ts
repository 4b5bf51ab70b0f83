// Comparing many exposure keys by their first four bytes: a sixth of their records, and enough to tell which may be equal.

/** The positions in `held` whose prefix is among `wanted`; both ascending. Of random keys few are there by chance. */
export function matchingPositions(held: Uint32Array, wanted: Uint32Array): number[] {
  const positions: number[] = [];
  let at = 0;
  for (let index = 0; index < held.length && at < wanted.length; index++) {
    const prefix = held[index] ?? 0;
    while (at < wanted.length && (wanted[at] ?? 0) < prefix) at++;
    if (wanted[at] === prefix) positions.push(index);
  }
  return positions;
}
