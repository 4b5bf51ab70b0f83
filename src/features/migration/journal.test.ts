// A journal in which anything was changed, left out or moved is not whole.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { firstBreak, nextEntry } from "./journal.ts";
import type { JournalEntry } from "./migration-types.ts";

function journalOf(count: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (let at = 0; at < count; at++) {
    const entry = { at, principal: "ada", kind: "evidence" as const, detail: { number: at } };
    entries.push(nextEntry("oregon", entries.at(-1) ?? null, entry));
  }
  return entries;
}

test("as it was written it is whole", () => {
  expect(firstBreak("oregon", journalOf(5))).toBeNull();
  expect(firstBreak("oregon", [])).toBeNull();
});

test("of another migration it is not", () => {
  expect(firstBreak("washington", journalOf(2))).toBe(1);
});

test("a change of any member of any entry is found, at that entry or right behind it", () => {
  const members = fc.constantFrom("at", "principal", "kind", "detail", "previous", "digest", "seq");
  fc.assert(
    fc.property(fc.nat({ max: 4 }), members, (at, member) => {
      const entries = journalOf(5).map((entry, place) =>
        place === at ? { ...entry, [member]: typeof entry[member as "at"] === "number" ? 99 : "changed" } : entry,
      );
      expect(firstBreak("oregon", entries)).toBe(at + 1);
    }),
  );
});

test("an entry that is left out, or two that change places, are found", () => {
  const entries = journalOf(5);
  expect(firstBreak("oregon", entries.toSpliced(2, 1))).toBe(3);
  expect(firstBreak("oregon", [...entries.slice(0, 2), ...entries.slice(2).toReversed()])).toBe(3);
});
