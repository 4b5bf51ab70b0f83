// Parts are closed in reverse order, whichever failed, and those that do not close are named.

import { expect, test } from "vitest";
import { PartStack } from "./part-stack.ts";

function makeStack(brokenOff?: AbortSignal) {
  const done: string[] = [];
  const stack = new PartStack({
    ...(brokenOff === undefined ? {} : { brokenOff }),
    onOpening: (part) => void done.push(`open ${part}`),
    onCloseFailed: (part, error) => void done.push(`${part}: ${String(error)}`),
  });
  const open = (name: string, close = async () => undefined as void) =>
    stack.open(
      name,
      async () => name,
      async () => {
        done.push(`close ${name}`);
        await close();
      },
    );
  return { stack, done, open };
}

test("what was opened is closed in reverse order, also when the next part fails, and once", async () => {
  const { stack, done, open } = makeStack();
  await open("a");
  await open("b");
  await expect(
    stack.open(
      "c",
      async () => Promise.reject(new Error("no")),
      async () => void done.push("close c"),
    ),
  ).rejects.toThrow("no");
  expect(stack.unclosed()).toEqual(["b", "a"]);
  await stack.closeAll();
  await stack.closeAll();
  expect(done).toEqual(["open a", "open b", "open c", "close b", "close a"]);
  expect(stack.unclosed()).toEqual([]);
});

test("a part that fails to close does not keep the others open", async () => {
  const { stack, done, open } = makeStack();
  await open("a");
  await open("b", async () => Promise.reject(new Error("stuck")));
  await stack.closeAll();
  expect(done.slice(2)).toEqual(["close b", "b: Error: stuck", "close a"]);
});

test("some can be closed before, at the same time; those that hang are named", async () => {
  const { stack, open } = makeStack();
  await open("a");
  await open("b", () => new Promise(() => undefined));
  await open("c");
  void stack.closeTogether(new Set(["b", "c"]));
  await new Promise<void>((resolve) => void setImmediate(resolve));
  expect(stack.unclosed()).toEqual(["b", "a"]);
});

test("once it was broken off nothing more is opened; the step that is under way is named", async () => {
  const controller = new AbortController();
  const { stack, done, open } = makeStack(controller.signal);
  const step = Promise.withResolvers<void>();
  const underWay = stack.step("tables", () => step.promise);
  expect(stack.unclosed()).toEqual(["tables"]);
  controller.abort();
  step.resolve();
  await underWay;
  await expect(open("jobs")).rejects.toThrow("aborted");
  expect([stack.unclosed(), done]).toEqual([[], ["open tables"]]);
});
