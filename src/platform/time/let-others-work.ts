// Between two long stretches of computing: requests that wait are answered first.

/** Resolves in a later turn of the event loop, behind everything that waits now. */
export function letOthersWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
