// Long computations in steps, so that a caller may let others work in between.

/** Yields at the end of each step, which takes a few milliseconds at most; returns the result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All steps one after the other, where nothing else waits. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** All steps, with `pause` between each two. Rejects with what a step throws. */
export async function runWithPauses<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}
