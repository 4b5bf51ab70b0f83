// Timing, medians and rates for benchmarks.

/** Milliseconds that `step` takes. */
export async function timeOf(step: () => unknown): Promise<number> {
  const start = performance.now();
  await step();
  return performance.now() - start;
}

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function perSecond(count: number, milliseconds: number): number {
  return Math.round((count / milliseconds) * 1_000);
}
