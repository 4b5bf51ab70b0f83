// The sentences at the end of a demo: they say what happened, and nothing is well that was not.

import { expect, test } from "vitest";
import type { DemoReport, ImportedRow } from "../../simulation/demo/demo-types.ts";
import { judgeWorld } from "../../simulation/demo/judge-world.ts";
import { describeOutcome } from "./describe-outcome.ts";

interface Happened extends Partial<ImportedRow> {
  readonly keysDue?: number;
  readonly uploadsFailed?: number;
}

function outcomeOf({ keysDue = 50, uploadsFailed = 0, ...imported }: Happened): readonly string[] {
  const row = { archives: 2, refusedArchives: 0, keys: 50, leftOut: {}, ...imported };
  const figures = { uploadsFailed, archivesRefused: row.refusedArchives, refusalsExpected: true, keysDue };
  const verdicts = judgeWorld([], figures);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rest is not looked at
  return describeOutcome({
    demo: "archives",
    startsAt: "2026-11-23T06:00:00Z",
    keysDue,
    imported: row,
    kinds: [],
    phones: [],
    verdicts,
    good: verdicts.every(({ good }) => good),
  } as unknown as DemoReport);
}

const NOTHING = "Nothing was shown: no key of the archives can be published.";

test.each<{ what: string; happened: Happened; said: readonly string[] }>([
  { what: "all went well", happened: {}, said: ["All is well: no key was lost on the way to 0 phones."] },
  {
    what: "an archive was refused",
    happened: { refusedArchives: 1 },
    said: ["All is well: no key was lost on the way to 0 phones.", "1 of 3 archives was refused."],
  },
  {
    what: "keys were left out",
    happened: { leftOut: { too_old: 4, in_future: 1 } },
    said: [
      "All is well: no key was lost on the way to 0 phones.",
      "The import left out 5 of 55 keys: 4 too_old, 1 in_future.",
    ],
  },
  {
    what: "every archive was refused",
    happened: { archives: 0, refusedArchives: 12, keys: 0, keysDue: 0 },
    said: [NOTHING, "All 12 archives were refused."],
  },
  {
    what: "every key was too old",
    happened: { keys: 0, keysDue: 0, leftOut: { too_old: 50 } },
    said: [
      NOTHING,
      "The import left out 50 of 50 keys: 50 too_old.",
      "The virtual clock starts at 2026-11-23T06:00:00Z: choose a --now from shortly behind the last archive.",
    ],
  },
  { what: "the archives are empty", happened: { keys: 0, keysDue: 0 }, said: [NOTHING, "The archives hold no keys."] },
  { what: "all keys are revoked", happened: { keysDue: 0 }, said: [NOTHING, "All keys are revoked."] },
  {
    what: "uploads failed",
    happened: { uploadsFailed: 3 },
    said: ["Something is wrong: 3 uploads refused or given up."],
  },
])("$what", ({ happened, said }) => {
  expect(outcomeOf(happened)).toEqual(said);
});
