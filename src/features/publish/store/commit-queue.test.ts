// What waits goes together, in order, and each gets its own answer.

import { describe, expect, test } from "vitest";
import { createCommitQueue, type GroupSizes, type Patience } from "./commit-queue.ts";

const SIZES: GroupSizes = { maxGroup: 10, maxConcurrent: 1, minBeside: 1 };
const PATIENT: Patience = { milliseconds: () => 0, longestWaitMilliseconds: 1_000 };

/** A queue whose groups end when the test says so; they answer ten times the item. */
function makeQueue(sizes: Partial<GroupSizes> = {}, patience = PATIENT) {
  const groups: { readonly items: readonly number[]; readonly end: PromiseWithResolvers<void> }[] = [];
  const queue = createCommitQueue<number, number>(
    async (items) => {
      const end = Promise.withResolvers<void>();
      groups.push({ items, end });
      await end.promise;
      return items.map((item) => item * 10);
    },
    { ...SIZES, ...sizes },
    patience,
  );
  const started = () => groups.map(({ items }) => items);
  return { queue, groups, started };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a commit queue", () => {
  test("takes what comes in one turn together, and in its order", async () => {
    const { queue, groups, started } = makeQueue();
    const answers = Promise.all([1, 2, 3].map((item) => queue.add(item)));
    await turn();
    expect(started()).toEqual([[1, 2, 3]]);
    groups[0]?.end.resolve();
    expect(await answers).toEqual([10, 20, 30]);
  });

  test("lets wait what comes meanwhile, up to the size of a group", async () => {
    const { queue, groups, started } = makeQueue({ maxGroup: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map((item) => queue.add(item)));
    await turn();
    expect(started()).toEqual([[1, 2]]);
    for (let group = 0; group < 3; group++) {
      groups[group]?.end.resolve();
      await turn();
    }
    expect(started()).toEqual([[1, 2], [3, 4], [5]]);
    expect(await answers).toEqual([10, 20, 30, 40, 50]);
  });

  test("goes beside another group only with enough items, and never beside too many", async () => {
    const { queue, groups, started } = makeQueue({ maxConcurrent: 2, minBeside: 3 });
    const answers = [queue.add(1)];
    await turn();
    answers.push(queue.add(2), queue.add(3));
    await turn();
    expect(started()).toEqual([[1]]);
    answers.push(queue.add(4));
    await turn();
    expect(started()).toEqual([[1], [2, 3, 4]]);
    answers.push(...[5, 6, 7, 8].map((item) => queue.add(item)));
    await turn();
    expect(started()).toHaveLength(2);
    groups[1]?.end.resolve();
    await turn();
    expect(started()).toEqual([[1], [2, 3, 4], [5, 6, 7, 8]]);
    for (const { end } of groups) end.resolve();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  });

  test("goes on after a group that failed, whose items all hear of it", async () => {
    const { queue, groups } = makeQueue({ maxGroup: 2 });
    const answers = Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
    await turn();
    groups[0]?.end.reject(new Error("the disk is full"));
    await turn();
    groups[1]?.end.resolve();
    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });

  test("does not carry out what has waited for longer than anybody waits for the answer", async () => {
    let milliseconds = 0;
    const patience = { milliseconds: () => milliseconds, longestWaitMilliseconds: 1_000 };
    const { queue, groups, started } = makeQueue({}, patience);
    const answers = [queue.add(1)];
    await turn();
    answers.push(queue.add(2));
    milliseconds = 600;
    answers.push(queue.add(3));
    const settling = Promise.allSettled(answers);
    milliseconds = 1_500;
    groups[0]?.end.resolve();
    await turn();
    groups[1]?.end.resolve();
    const settled = await settling;
    expect(settled.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.code))).toEqual([
      10,
      "database_busy",
      30,
    ]);
    expect(started()).toEqual([[1], [3]]);
  });

  test("leaves nobody without an answer, even where the group forgets one", async () => {
    const queue = createCommitQueue<number, number>(async ([first = 0]) => [first], SIZES, PATIENT);
    const answers = await Promise.allSettled([queue.add(1), queue.add(2)]);
    expect(answers).toMatchObject([{ status: "fulfilled", value: 1 }, { status: "rejected" }]);
  });
});
