// Uploads that come while a transaction runs share the next one: one commit for many (group commit).

import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../../../platform/database/database.ts";

export interface CommitQueue<Item, Result> {
  /** Resolves when the item's group was carried out; rejects with `database_busy` where it waited too long for its turn. */
  add(item: Item): Promise<Result>;
}

export interface GroupSizes {
  readonly maxGroup: number;
  readonly maxConcurrent: number;
  /** So many have to wait before a group is carried out beside another: few large ones cost less than many small. */
  readonly minBeside: number;
}

export interface Patience {
  /** Goes only forward. */
  milliseconds(): number;
  /** Whoever has waited so long for a turn has got another answer by now, and is not carried out any more. */
  readonly longestWaitMilliseconds: number;
}

/**
 * `commit` gets the items that wait, at most `maxGroup`, and answers each; at most `maxConcurrent` run at once, so that
 * under load groups grow instead of transactions crowding. The first item never waits for a second.
 */
export function createCommitQueue<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxGroup, maxConcurrent, minBeside }: GroupSizes,
  patience: Patience,
): CommitQueue<Item, Result> {
  const waiting: { item: Item; addedAt: number; settled: PromiseWithResolvers<Result> }[] = [];
  let running = 0;

  function dropLate(): void {
    const earliest = patience.milliseconds() - patience.longestWaitMilliseconds;
    const late = waiting.findIndex(({ addedAt }) => addedAt >= earliest);
    for (const { settled } of waiting.splice(0, late < 0 ? waiting.length : late)) settled.reject(tooLate());
  }

  async function run(): Promise<void> {
    const group = waiting.splice(0, maxGroup);
    try {
      const results = await commit(group.map(({ item }) => item));
      for (const [index, { settled }] of group.entries()) {
        const result = results[index];
        if (result === undefined) settled.reject(new Error("an item of a group was not answered"));
        else settled.resolve(result);
      }
    } catch (error) {
      for (const { settled } of group) settled.reject(error);
    }
    running--;
    start();
  }

  function start(): void {
    dropLate();
    while (waiting.length > 0 && running < maxConcurrent && (running === 0 || waiting.length >= minBeside)) {
      running++;
      void run();
    }
  }

  return {
    add(item) {
      const settled = Promise.withResolvers<Result>();
      waiting.push({ item, addedAt: patience.milliseconds(), settled });
      // What arrives in the same turn of the event loop goes together.
      setImmediate(start);
      return settled.promise;
    },
  };
}

function tooLate(): CodedError<DatabaseErrorCode> {
  return new CodedError("database_busy", "the upload waited too long for its turn, and was not stored");
}
