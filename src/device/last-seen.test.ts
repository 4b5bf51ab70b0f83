// The last-seen column of DB 1.6, cell by cell, and several servers (DB 1.2).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FetchedIndex } from "./follower.ts";
import { createLastSeenFollower, type LastSeenMemory, lastSeenFollower } from "./last-seen.ts";

const LOCATION = { indexUrl: "https://h/index.txt", baseUrl: "https://h/files" };
const REMEMBERS_C: LastSeenMemory = { "https://h/index.txt": "https://h/files/c" };

function run(body: string, memory: LastSeenMemory, location = LOCATION): { fetched: string; after: LastSeenMemory } {
  const plan = lastSeenFollower.plan([{ ...location, body }], memory);
  const after = plan.remember(new Set(plan.wanted.map((file) => file.url)));
  return { fetched: plan.wanted.map((file) => file.name).join(" "), after };
}

describe("DB 1.6, column last seen, remembering c", () => {
  test.each([
    ["append", "a b c d e", "d e"],
    ["nothing new", "a b c", ""],
    ["head expired", "b c d", "d"],
    ["remembered line removed: b comes again", "b d e", "b d e"],
    ["insertion before the remembered line is lost", "a x c d", "d"],
    ["insertion behind the remembered line", "a b c x d", "x d"],
    ["rename of the remembered line repeats all", "a b C d", "a b C d"],
    ["remembered line moved to the front", "c a b d", "a b d"],
    ["new line before the remembered one is not seen", "a b d c", ""],
    ["duplicate of the remembered line later on", "a b c d c e", "d c e"],
    ["empty body", "", ""],
    ["trailing newline and blank lines", "a\nb\nc\n\nd\n", "d"],
    ["CRLF", "a\r\nb\r\nc\r\nd\r\n", "d"],
    ["a space inside a name makes two entries", "a b c\nd e.zip", "d e.zip"],
  ])("%s", (_situation, lines, fetched) => {
    expect(run(lines.replaceAll(" ", "\n"), REMEMBERS_C).fetched).toBe(fetched);
    expect(run(lines, REMEMBERS_C).fetched).toBe(fetched);
  });

  test("a new line before the remembered one is lost once a later line is processed", () => {
    const { after } = run("a b d c e", REMEMBERS_C);
    expect(after).toEqual({ "https://h/index.txt": "https://h/files/e" });
    expect(run("a b d c e", after).fetched).toBe("");
  });

  test("a duplicate of the remembered line at the very end is fetched on every run", () => {
    let memory: LastSeenMemory = { "https://h/index.txt": "https://h/files/b" };
    for (let time = 0; time < 3; time++) {
      const { fetched, after } = run("a b c b", memory);
      expect(fetched).toBe("c b");
      memory = after;
    }
  });

  test("an empty body keeps the memory", () => {
    expect(run("", REMEMBERS_C).after).toEqual(REMEMBERS_C);
  });

  test("a leading slash gives a double slash: the remembered file is not found", () => {
    const plan = lastSeenFollower.plan([{ ...LOCATION, body: "/a\n/c" }], REMEMBERS_C);
    expect(plan.wanted.map((file) => file.url)).toEqual(["https://h/files//a", "https://h/files//c"]);
  });

  test("an absolute URL is appended to the base", () => {
    const plan = lastSeenFollower.plan([{ ...LOCATION, body: "https://h/a" }], REMEMBERS_C);
    expect(plan.wanted.map((file) => file.url)).toEqual(["https://h/files/https://h/a"]);
  });

  test("another base repeats everything", () => {
    expect(run("a b c", REMEMBERS_C, { ...LOCATION, baseUrl: "https://other/files" }).fetched).toBe("a b c");
  });

  test("another index URL repeats everything", () => {
    expect(run("a b c", REMEMBERS_C, { ...LOCATION, indexUrl: "https://h/other.txt" }).fetched).toBe("a b c");
  });
});

test("with one call per file, what the last good call brought is remembered", () => {
  const plan = createLastSeenFollower("after_each_call").plan([{ ...LOCATION, body: "c d e f" }], REMEMBERS_C);
  expect(plan.remember(new Set(["https://h/files/d", "https://h/files/e"]))).toEqual({
    "https://h/index.txt": "https://h/files/e",
  });
});

describe("DB 1.2, several servers", () => {
  const indexes: FetchedIndex[] = [
    { ...LOCATION, body: "c d" },
    { indexUrl: "https://roaming/index.txt", baseUrl: "https://roaming/", body: "x y" },
  ];

  test("all files of all servers are wanted in one call, and any failure fails the run", () => {
    const plan = lastSeenFollower.plan(indexes, REMEMBERS_C);
    expect(plan.wanted.map((file) => file.url)).toEqual([
      "https://h/files/d",
      "https://roaming/x",
      "https://roaming/y",
    ]);
    expect(plan).toMatchObject({ partialDownload: "all_or_nothing", commit: "after_accepted" });
  });

  test("the last file of each server is remembered", () => {
    const plan = lastSeenFollower.plan(indexes, REMEMBERS_C);
    expect(plan.remember(new Set(plan.wanted.map((file) => file.url)))).toEqual({
      "https://h/index.txt": "https://h/files/d",
      "https://roaming/index.txt": "https://roaming/y",
    });
  });
});

test("an index that only grows at its end and loses lines at its head is fetched once each, in order", () => {
  const steps = fc.array(fc.record({ appended: fc.nat(4), expired: fc.nat(2) }), { maxLength: 20 });
  fc.assert(
    fc.property(steps, (history) => {
      let first = 0;
      let end = 0;
      let memory: LastSeenMemory = {};
      const fetched: string[] = [];
      for (const { appended, expired } of history) {
        // What the phone remembers stays listed (DB I9).
        first = Math.min(first + expired, Math.max(end - 1, 0));
        end += appended;
        const lines = Array.from({ length: end - first }, (_, index) => String(first + index));
        const plan = lastSeenFollower.plan([{ ...LOCATION, body: lines.join("\n") }], memory);
        fetched.push(...plan.wanted.map((file) => file.name));
        memory = plan.remember(new Set(plan.wanted.map((file) => file.url)));
      }
      expect(fetched).toEqual(Array.from({ length: end }, (_, index) => String(index)));
    }),
  );
});
