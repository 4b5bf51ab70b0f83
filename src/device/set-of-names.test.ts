// The set column of DB 1.6, cell by cell, and partial downloads (DB 8).

import { describe, expect, test } from "vitest";
import { expressFollower } from "./express.ts";
import type { FetchedIndex, Follower } from "./follower.ts";
import { byLine, createSetFollower, type SetMemory, type SetOptions } from "./set-of-names.ts";

const LOCATION = { indexUrl: "https://h/index.txt", baseUrl: "https://h/files" };
const SAFE: SetOptions = { commit: "after_accepted", partialDownload: "all_or_nothing" };
const KNOWS_ABC: SetMemory = { known: ["a", "b", "c"].map((name) => `https://h/files/${name}`) };

function run(lines: string, memory: SetMemory, location = LOCATION): { fetched: string; after: SetMemory } {
  const plan = createSetFollower(SAFE).plan([{ ...location, body: lines.replaceAll(" ", "\n") }], memory);
  const after = plan.remember(new Set(plan.wanted.map((file) => file.url)));
  return { fetched: plan.wanted.map((file) => file.name).join(" "), after };
}

describe("DB 1.6, column set, knowing a, b and c", () => {
  test.each([
    ["append", "a b c d e", "d e"],
    ["nothing new", "a b c", ""],
    ["head expired", "b c d", "d"],
    ["remembered line removed", "b d e", "d e"],
    ["insertion before the remembered line", "a x c d", "x d"],
    ["insertion behind the remembered line", "a b c x d", "x d"],
    ["rename: one is repeated", "a b C d", "C d"],
    ["reorder, remembered first", "c a b d", "d"],
    ["reorder, new before remembered", "a b d c", "d"],
    ["duplicate later on", "a b c d c e", "d e"],
    ["a doubled new line is fetched once", "a b c d d", "d"],
    ["empty body", "", ""],
  ])("%s", (_situation, lines, fetched) => {
    expect(run(lines, KNOWS_ABC).fetched).toBe(fetched);
  });

  test("a duplicate at the very end, knowing a and b", () => {
    expect(run("a b c b", { known: KNOWS_ABC.known.slice(0, 2) }).fetched).toBe("c");
  });

  test("after an empty body the next index is wholly repeated", () => {
    const { after } = run("", KNOWS_ABC);
    expect(after).toEqual({ known: [] });
    expect(run("a b c", after).fetched).toBe("a b c");
  });

  test("lines that a stale index does not show are forgotten and repeated later", () => {
    const { after } = run("a b", KNOWS_ABC);
    expect(run("a b c", after).fetched).toBe("c");
  });

  test("the new set is what is listed and was fetched or known", () => {
    expect(run("b c d", KNOWS_ABC).after).toEqual({ known: ["b", "c", "d"].map((name) => `https://h/files/${name}`) });
  });

  test("another base repeats everything, another index URL nothing", () => {
    expect(run("a b c", KNOWS_ABC, { ...LOCATION, baseUrl: "https://other" }).fetched).toBe("a b c");
    expect(run("a b c", KNOWS_ABC, { ...LOCATION, indexUrl: "https://h/other.txt" }).fetched).toBe("");
  });

  test.each([
    ["a space inside a name belongs to the path", "a b.zip", "https://h/files/a b.zip"],
    ["a leading slash gives a double slash, so another file", "/a", "https://h/files//a"],
    ["an absolute URL is appended to the base", "https://h/files/a", "https://h/files/https://h/files/a"],
  ])("%s", (_situation, line, url) => {
    const plan = createSetFollower(SAFE).plan([{ ...LOCATION, body: line }], KNOWS_ABC);
    expect(plan.wanted).toEqual([{ name: line, url }]);
  });

  test("CRLF, blank lines and a final newline have no effect", () => {
    const plan = createSetFollower(SAFE).plan([{ ...LOCATION, body: "a\r\nb\r\n\r\nc\r\nd\r\n" }], KNOWS_ABC);
    expect(plan.wanted.map((file) => file.name)).toEqual(["d"]);
  });
});

describe("DB 8, partial downloads: d came, e failed", () => {
  test.each([
    ["tolerate_and_retry", ["d"]],
    ["tolerate_and_lose", ["d", "e"]],
  ] as const)("%s", (partialDownload, known) => {
    const plan = createSetFollower({ ...SAFE, partialDownload }).plan([{ ...LOCATION, body: "d\ne" }], KNOWS_ABC);
    expect(plan.partialDownload).toBe(partialDownload);
    expect(plan.remember(new Set(["https://h/files/d"]))).toEqual({
      known: known.map((name) => `https://h/files/${name}`),
    });
  });
});

const at = (host: string, body: string) => [{ indexUrl: `https://${host}/i`, baseUrl: `https://${host}`, body }];
const namesWanted = (follower: Follower<SetMemory>, indexes: FetchedIndex[], memory: SetMemory): string[] =>
  follower.plan(indexes, memory).wanted.map((file) => file.name);

describe("DB 1.3, other identities and the first check", () => {
  test("an id is known wherever it is served from", () => {
    const follower = createSetFollower({ ...SAFE, identify: byLine });
    const first = follower.plan(at("old", "a\nb"), follower.firstMemory);
    const memory = first.remember(new Set(["https://old/a", "https://old/b"]));
    expect(memory).toEqual({ known: ["a", "b"] });
    expect(namesWanted(follower, at("new", "a\nb\nc"), memory)).toEqual(["c"]);
  });

  test("an id that returns is processed again: the set is cut to what is listed", () => {
    const follower = createSetFollower({ ...SAFE, identify: byLine });
    const cut = follower.plan(at("h", "b"), { known: ["a", "b"] }).remember(new Set());
    expect(namesWanted(follower, at("h", "a\nb"), cut)).toEqual(["a"]);
  });

  test("NL: the first check marks everything processed, the second one fetches what is new", () => {
    const follower = createSetFollower({ ...SAFE, identify: byLine, skipsHistory: true });
    const first = follower.plan(at("h", "a\nb"), follower.firstMemory);
    expect(first.wanted).toEqual([]);
    const memory = first.remember(new Set());
    expect(memory).toEqual({ known: ["a", "b"] });
    expect(namesWanted(follower, at("h", "a\nb\nc"), memory)).toEqual(["c"]);
  });

  test("NL: a first check that finds an empty list has begun nevertheless", () => {
    const follower = createSetFollower({ ...SAFE, identify: byLine, skipsHistory: true });
    const memory = follower.plan(at("h", ""), follower.firstMemory).remember(new Set());
    expect(namesWanted(follower, at("h", "a"), memory)).toEqual(["a"]);
  });
});

describe("DB 8, iOS Express", () => {
  const index = { ...LOCATION, body: "a\nb" };
  const both = new Set(["https://h/files/a", "https://h/files/b"]);

  test("on enabling everything listed is fetched, afterwards what is new", () => {
    const plan = expressFollower.plan([index], expressFollower.firstMemory);
    expect(plan.wanted.map((file) => file.name)).toEqual(["a", "b"]);
    const next = expressFollower.plan([{ ...index, body: "a\nb\nc" }], plan.remember(both));
    expect(next.wanted.map((file) => file.name)).toEqual(["c"]);
  });

  test.each([
    ["index URL", { ...index, indexUrl: "https://h/other.txt" }],
    ["base", { ...index, baseUrl: "https://h/other" }],
  ])("another %s makes everything new", (_address, moved) => {
    const memory = expressFollower.plan([index], expressFollower.firstMemory).remember(both);
    expect(expressFollower.plan([moved], memory).wanted).toHaveLength(2);
  });
});
