// Readiness for uploads: what a save that is undone shows, and that it is never waited for long.

import { expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { checkSave } from "./check-save.ts";

const LONG = 60_000;
const room = (mebibytes: number) => ({ freeBytes: () => mebibytes * 1_024 ** 2 });
const fails = (error: unknown) => async () => {
  throw error;
};

test("a save that works is no failure", async () => {
  expect(await checkSave({}, async () => undefined, LONG)).toBeNull();
});

test.each(["database_full", "database_busy", "database_unreachable"])(
  "it fails with the database's code %s",
  async (code) => {
    expect(await checkSave({}, fails(new CodedError(code, "no")), LONG)).toBe(code);
  },
);

test("any other failure means that it takes no keys", async () => {
  expect(await checkSave({}, fails(new Error("cannot execute INSERT in a read-only transaction")), LONG)).toBe(
    "database_refuses_saves",
  );
});

test("one that does not end is given up", async () => {
  expect(await checkSave({}, () => new Promise(() => undefined), 1)).toBe("database_busy");
});

test("a disk without room for the log's next file is full, though the save would work", async () => {
  expect(await checkSave(room(31), async () => undefined, LONG)).toBe("database_full");
  expect(await checkSave(room(32), async () => undefined, LONG)).toBeNull();
});
