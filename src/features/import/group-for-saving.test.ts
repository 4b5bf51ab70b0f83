// Which archives may be saved as one.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { KeyBatch } from "../../core/key-batch.ts";
import { groupForSaving } from "./group-for-saving.ts";

interface Archive {
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
}

/** An archive of keys that a letter names each. */
function archive(primaries: string, revised = ""): Archive {
  return { primaries: keysNamed(primaries), revised: keysNamed(revised) };
}

function keysNamed(letters: string): KeyBatch {
  return KeyBatch.from(
    Array.from(letters, (letter) => ({
      keyData: new Uint8Array(16).fill(letter.charCodeAt(0)),
      rollingStart: 1,
      rollingPeriod: 144,
      transmissionRisk: null,
      reportType: null,
      daysSinceOnset: null,
    })),
  );
}

test("archives without revised keys are one group, whatever keys they share", () => {
  const archives = [archive("abc"), archive("bcd"), archive("abc")];
  expect(groupForSaving(archives)).toEqual([archives]);
});

test("a group ends before the original of a key that it revises", () => {
  const [first, second, third, fourth] = [archive("a", "xy"), archive("b"), archive("y"), archive("x")] as const;
  expect(groupForSaving([first, second, third, fourth])).toEqual([
    [first, second],
    [third, fourth],
  ]);
});

test("a key may be revised behind its original, and again, within one group", () => {
  const archives = [archive("a", "a"), archive("b", "a"), archive("", "ab")];
  expect(groupForSaving(archives)).toEqual([archives]);
});

const letters = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 4 }).map((drawn) => drawn.join(""));
const archives = fc.array(
  fc.tuple(letters, letters).map(([primaries, revised]) => archive(primaries, revised)),
  { maxLength: 8 },
);

test("in groups each key meets its entries in the same order as one archive after the other", () => {
  fc.assert(
    fc.property(archives, (given) => {
      const groups = groupForSaving(given);
      expect(groups.flat()).toEqual(given);
      expect(groups.flatMap(entriesOfGroup).reduce(byKey, new Map())).toEqual(
        given.flatMap((one) => entriesOfGroup([one])).reduce(byKey, new Map()),
      );
    }),
  );
});

interface Entry {
  readonly keyHex: string;
  readonly archive: Archive;
  readonly list: "primaries" | "revised";
}

/** As a save takes them: all primaries, then all revised keys. */
function entriesOfGroup(group: readonly Archive[]): Entry[] {
  return (["primaries", "revised"] as const).flatMap((list) =>
    group.flatMap((one) =>
      Array.from(one[list], (_, index) => ({ keyHex: one[list].keyHex(index), archive: one, list })),
    ),
  );
}

function byKey(entries: Map<string, Entry[]>, entry: Entry): Map<string, Entry[]> {
  return entries.set(entry.keyHex, [...(entries.get(entry.keyHex) ?? []), entry]);
}
