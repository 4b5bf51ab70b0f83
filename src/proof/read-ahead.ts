// Works on items in their order, a few of them ahead of the one that is asked for.

/**
 * Answers the results in the order of `items`. `work` must not throw: a failure is a result. Once it is no longer asked,
 * nothing new begins, and it ends when the work under way has ended.
 */
export async function* readAhead<Item, Result>(
  items: readonly Item[],
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const waiting = [...items];
  const started: Promise<Result>[] = [];
  try {
    for (;;) {
      started.push(...waiting.splice(0, ahead - started.length).map(work));
      const first = started.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(started);
  }
}
