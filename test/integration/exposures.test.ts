// Saving exposure keys: what becomes of each, when it is released, and how long it is kept.

import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { type ExposureKey, ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { cleanUpKeys } from "../../src/features/exposures/clean-up.ts";
import {
  type KeyFilter,
  type KeyOrigin,
  SAVE_OUTCOMES,
  type SaveOutcome,
  type SaveRequest,
} from "../../src/features/exposures/exposure-types.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { readKeysOfOrigin, readReleasedPage, readRevisedPage } from "../../src/features/exposures/page-queries.ts";
import { insertGeneratedKeys } from "../../src/features/exposures/queries.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  batch,
  copies,
  EVERYWHERE,
  forever,
  NOW,
  releasedBetween,
  STATE,
  save,
  saveIn,
  storedKeys,
} from "../support/exposure-world.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKey, makeKeys, START } from "../support/location-world.ts";
import { pausingBeforeCommit, untilBlockedOrDone } from "../support/transaction-faults.ts";

const OTHER: KeyOrigin = { kind: "import", supplierId: 2 };
const { confirmed, likely, revoked } = ReportType;
/** A supplier that can have found the keys in what was exported here. */
const LATE = { publishedFrom: () => NOW + DAY } as const;

describeOnEachDatabase("exposures", (open) => {
  const make = () => open([exposuresMigrations]);

  describe("the outcome of a key", () => {
    const original = { ...makeKey(1), reportType: likely };
    const changed = (changes: Partial<ExposureKey>) => ({ ...original, ...changes });

    test.each<[SaveOutcome, string, Partial<ExposureKey>, KeyOrigin, readonly Partial<ExposureKey>[]]>([
      ["unchanged", "the same again", {}, STATE, []],
      ["unchanged", "the same from another supplier, an echo", {}, OTHER, []],
      ["unchanged", "other values with the same type", { transmissionRisk: 8, daysSinceOnset: 9 }, STATE, []],
      ["revised", "a type that may follow, from its source", { reportType: confirmed }, STATE, []],
      ["revised", "a revocation from its source", { reportType: revoked }, STATE, []],
      ["revised", "a confirmation from another supplier", { reportType: confirmed }, OTHER, []],
      ["other_source", "a revocation from another supplier", { reportType: revoked }, OTHER, []],
      ["other_source", "a revision by an upload without the right", { reportType: revoked }, { kind: "upload" }, []],
      ["unchanged", "its revision again", { reportType: confirmed }, STATE, [{ reportType: confirmed }]],
      ["unchanged", "the original after the revision", {}, STATE, [{ reportType: confirmed }]],
      ["already_revised", "a second revision", { reportType: revoked }, STATE, [{ reportType: confirmed }]],
      ["unchanged", "an earlier state", { reportType: ReportType.userReport }, STATE, []],
      ["transition_not_allowed", "a type that may not follow", { reportType: null }, STATE, []],
      ["interval_mismatch", "another period", { reportType: confirmed, rollingPeriod: 100 }, STATE, []],
      ["interval_mismatch", "another start", { rollingStart: original.rollingStart - 144 }, STATE, []],
    ])("is %s for %s, in whichever list it comes", async (outcome, _, changes, origin, revisions) => {
      for (const list of ["primaries", "revised"] as const) {
        const database = await make();
        await save(database, { primaries: batch(original) });
        for (const revision of revisions) await save(database, { revised: batch(changed(revision)) });
        const result = await save(database, { origin, [list]: batch(changed(changes)), ...LATE });
        expect(outcomesOf(result[list])).toEqual([outcome]);
        expect(result.counts).toEqual({ ...noCounts(), [outcome]: 1 });
        const final = outcome === "revised" ? changed(changes) : changed(revisions[0] ?? {});
        expect(await storedKeys(database)).toEqual([final]);
      }
    });

    test("is told for each key by itself, in the order given", async () => {
      const database = await make();
      await save(database, { primaries: makeKeys(0, 3, { reportType: likely }) });
      const primaries = batch(
        { ...makeKey(9), reportType: likely },
        { ...makeKey(2), reportType: confirmed },
        { ...makeKey(0), reportType: likely },
        { ...makeKey(1), reportType: confirmed, rollingPeriod: 3 },
        { ...makeKey(8), reportType: likely },
      );
      const { primaries: codes } = await save(database, { primaries });
      expect(outcomesOf(codes)).toEqual(["inserted", "revised", "unchanged", "interval_mismatch", "inserted"]);
    });

    test("of a batch that repeats a key is that of one after the other", async () => {
      const database = await make();
      const types = [likely, likely, confirmed, revoked, likely];
      const primaries = batch(...types.map((reportType) => changed({ reportType })));
      const { primaries: codes } = await save(database, { primaries });
      expect(outcomesOf(codes)).toEqual(["inserted", "unchanged", "revised", "already_revised", "unchanged"]);
      expect(await storedKeys(database)).toEqual([changed({ reportType: confirmed })]);
    });

    test("of a large batch is the same in every part, repeats across parts included", async () => {
      const database = await make();
      const keys = [...makeKeys(0, 24_000, { reportType: likely })];
      const repeated = keys.map((key, at) => (at % 3 === 0 ? { ...key, reportType: confirmed } : key));
      const { counts } = await save(database, { primaries: KeyBatch.from([...keys, ...repeated]) });
      expect(counts).toEqual({ ...noCounts(), inserted: 24_000, revised: 8_000, unchanged: 16_000 });
      const again = await save(database, { primaries: KeyBatch.from(repeated) });
      expect(again.counts).toEqual({ ...noCounts(), unchanged: 24_000 });
    });

    test("of an upload with the right to change it is a revision", async () => {
      const database = await make();
      const origin: KeyOrigin = { kind: "upload" };
      await save(database, { origin, primaries: batch(original, { ...makeKey(2), reportType: likely }) });
      const mine = new Set(namesOf(batch(original)));
      const { primaries } = await save(database, {
        origin,
        primaries: makeKeys(1, 2, { reportType: confirmed }),
        rightTo: (keyHex) => (mine.has(keyHex) ? "owner" : "none"),
      });
      expect(outcomesOf(primaries)).toEqual(["revised", "other_source"]);
    });

    test("of a save that is repeated whole is unchanged, and so is everything stored", async () => {
      const database = await make();
      const request = {
        primaries: makeKeys(0, 5, { reportType: likely }),
        revised: makeKeys(3, 2, { reportType: revoked }),
      };
      await save(database, request);
      const before = await everything(database);
      const { counts } = await save(database, { ...request, now: NOW + DAY });
      expect(counts).toEqual({ ...noCounts(), unchanged: 7 });
      expect(await everything(database)).toEqual(before);
    });

    test("of a key that this server generated itself and gets back is unchanged", async () => {
      const database = await make();
      await save(database, { primaries: makeKeys(0, 1) });
      const generated = makeKeys(50, 1);
      await database.transaction((tx) => insertGeneratedKeys(tx, generated.bytes, makeKeys(0, 1).bytes, NOW));
      const { counts } = await save(database, { origin: OTHER, primaries: generated });
      expect(counts).toEqual({ ...noCounts(), unchanged: 1 });
      expect(namesOf(await readKeysOfOrigin(database.db, ["import"], null, 10))).toEqual(namesOf(makeKeys(0, 1)));
    });
  });

  describe("a revision before its original", () => {
    const revision = makeKeys(1, 1, { reportType: confirmed, transmissionRisk: 7, daysSinceOnset: null });
    const original = makeKeys(1, 1, { reportType: likely });

    test("waits, and wins when the original arrives", async () => {
      const database = await make();
      expect(outcomesOf((await save(database, { revised: revision })).revised)).toEqual(["awaiting"]);
      expect(await storedKeys(database)).toEqual([]);
      expect(outcomesOf((await save(database, { primaries: original })).primaries)).toEqual(["inserted"]);
      expect(await storedKeys(database)).toEqual([...revision]);
      expect((await save(database, { primaries: original, revised: revision })).counts).toMatchObject({ unchanged: 2 });
    });

    test("in the same save as the original is applied at once", async () => {
      const database = await make();
      await save(database, { primaries: original, revised: revision });
      expect(await storedKeys(database)).toEqual([...revision]);
    });

    test("is replaced by a later one of its source", async () => {
      const database = await make();
      await save(database, { revised: revision });
      await save(database, { revised: makeKeys(1, 1, { reportType: revoked }) });
      await save(database, { primaries: original });
      expect((await storedKeys(database)).map(({ reportType }) => reportType)).toEqual([revoked]);
    });

    test("waits for the original of its own source, whatever other sources await or bring", async () => {
      const database = await make();
      await save(database, { origin: OTHER, revised: makeKeys(1, 1, { reportType: revoked }) });
      await save(database, { origin: STATE, revised: revision });
      await save(database, { origin: STATE, primaries: original });
      expect(await storedKeys(database)).toEqual([...revision]);
    });

    test("counts as soon as its supplier owns the key that another has brought", async () => {
      const database = await make();
      await save(database, { origin: OTHER, revised: makeKeys(1, 1, { reportType: revoked }) });
      await save(database, { origin: STATE, primaries: original });
      const { primaries } = await save(database, { origin: OTHER, primaries: original });
      expect(outcomesOf(primaries)).toEqual(["claimed"]);
      expect(await storedKeys(database)).toEqual([...makeKeys(1, 1, { reportType: revoked })]);
    });

    test("does not change the key when another source has brought it, even beside a new key of its own source", async () => {
      const database = await make();
      await save(database, { origin: OTHER, revised: makeKeys(1, 1, { reportType: revoked }) });
      await save(database, { origin: STATE, primaries: original });
      const { primaries } = await save(database, {
        origin: OTHER,
        primaries: KeyBatch.from([...original, makeKey(2)]),
        ...LATE,
      });
      expect(outcomesOf(primaries)).toEqual(["unchanged", "inserted"]);
      expect(await storedKeys(database)).toEqual(byName([...original, makeKey(2)]));
    });

    test("that does not fit its original changes nothing", async () => {
      const database = await make();
      await save(database, { revised: makeKeys(1, 1, { reportType: confirmed, rollingPeriod: 3 }) });
      await save(database, { primaries: original });
      expect(await storedKeys(database)).toEqual([...original]);
    });

    test("cannot be planted by an upload that has no right to it", async () => {
      const database = await make();
      const origin: KeyOrigin = { kind: "upload" };
      const { revised } = await save(database, { origin, revised: makeKeys(1, 1, { reportType: revoked }) });
      expect(outcomesOf(revised)).toEqual(["other_source"]);
      await save(database, { origin, primaries: original });
      expect(await storedKeys(database)).toEqual([...original]);
    });
  });

  describe("the filter", () => {
    test.each<[string, Partial<KeyFilter>, string[]]>([
      ["one region", { includeRegions: ["AA"] }, ["a", "ab", "aTravels"]],
      ["E1: two regions, and nothing of others", { includeRegions: ["AA", "BB"] }, ["a", "ab", "aTravels", "b"]],
      ["three regions", { includeRegions: ["AA", "BB", "CC"] }, ["a", "ab", "aTravels", "b", "cTravels"]],
      ["E1: one excluded", { includeRegions: ["AA", "BB"], excludeRegions: ["BB"] }, ["a", "aTravels"]],
      ["E1: two excluded", { includeRegions: ["AA", "BB", "CC"], excludeRegions: ["BB", "CC"] }, ["a", "aTravels"]],
      ["travelers also", { includeRegions: ["BB"], travelers: "also" }, ["aTravels", "ab", "b", "cTravels"]],
      [
        "excluded travelers",
        { includeRegions: ["BB"], excludeRegions: ["CC"], travelers: "also" },
        ["aTravels", "ab", "b"],
      ],
      ["no travelers", { includeRegions: ["AA", "CC"], travelers: "never" }, ["a", "ab"]],
    ])("takes the keys of %s", async (_, filter, expected) => {
      const database = await make();
      const saved = {
        a: { regions: ["AA"], traveler: false },
        ab: { regions: ["AA", "BB"], traveler: false },
        aTravels: { regions: ["AA"], traveler: true },
        b: { regions: ["BB"], traveler: false },
        cTravels: { regions: ["CC"], traveler: true },
        d: { regions: ["DD"], traveler: false },
      };
      const names = Object.keys(saved);
      for (const [at, about] of Object.values(saved).entries())
        await save(database, { ...about, primaries: makeKeys(at, 1) });
      const nameOf = new Map(names.map((name, at) => [namesOf(makeKeys(at, 1))[0], name]));
      const found = await releasedBetween(database, 0, NOW, { ...EVERYWHERE, travelers: "region", ...filter });
      expect(new Set(namesOf(KeyBatch.from(found)).map((hex) => nameOf.get(hex)))).toEqual(new Set(expected));
    });
  });

  describe("clean-up", () => {
    const end = START; // All sample keys end here.
    const keep = 16 * DAY;

    test.each<[string, Partial<SaveRequest>, UnixSeconds]>([
      ["its end", { now: START - 20 * DAY }, end + keep],
      ["its release", { now: START + 5 * DAY }, START + 5 * DAY + keep],
    ])("forgets a key 16 days after %s, not a second earlier", async (_, request, due) => {
      const database = await make();
      const release = request.now === START + 5 * DAY ? request.now : START + HOUR;
      await save(database, { ...request, primaries: makeKeys(0, 1) });
      await cleanUpKeys(database, Math.max(due, release + keep));
      expect(await storedKeys(database)).toHaveLength(1);
      expect(await cleanUpKeys(database, Math.max(due, release + keep) + 1)).toBe(1);
      expect(await storedKeys(database)).toEqual([]);
    });

    test("keeps a key 16 days after its revision", async () => {
      const database = await make();
      await save(database, { primaries: makeKeys(0, 1, { reportType: likely }), now: START });
      await save(database, { revised: makeKeys(0, 1, { reportType: revoked }), now: START + 10 * DAY });
      await cleanUpKeys(database, START + 26 * DAY);
      expect(await storedKeys(database)).toHaveLength(1);
      await cleanUpKeys(database, START + 26 * DAY + 1);
      expect(await storedKeys(database)).toEqual([]);
    });

    test("E15: forgets revisions whose original never came", async () => {
      const database = await make();
      await save(database, { revised: makeKeys(0, 1, { reportType: confirmed }) });
      await cleanUpKeys(database, NOW + keep);
      await save(database, { primaries: makeKeys(0, 1, { reportType: likely }) });
      expect((await storedKeys(database)).map(({ reportType }) => reportType)).toEqual([confirmed]);
      await save(database, { revised: makeKeys(1, 1, { reportType: confirmed }) });
      await cleanUpKeys(database, NOW + keep + 1);
      await save(database, { primaries: makeKeys(1, 1, { reportType: likely }), now: NOW + keep });
      expect((await storedKeys(database)).map(({ reportType }) => reportType)).toContain(likely);
    });
  });

  describe("at the same time", () => {
    test("saves of the same keys store each once and tell the others so", async () => {
      const database = await make();
      const keys = [...makeKeys(0, 3_000)];
      const results = await Promise.all(
        [keys, keys.toReversed(), keys.slice(500), keys].map((primaries) =>
          save(database, { primaries: KeyBatch.from(primaries) }),
        ),
      );
      const sum = (outcome: SaveOutcome) => results.reduce((total, { counts }) => total + counts[outcome], 0);
      expect(sum("inserted")).toBe(3_000);
      expect(sum("unchanged")).toBe(8_500);
    });

    // With a plan for an empty table it would take hours, and the limit of every test ends it.
    test("a large save stays fast when statistics are gathered that cannot see its keys yet", async () => {
      const database = await make();
      // The embedded database has one session, so nobody can look meanwhile.
      if (database.kind === "embedded") return;
      const [saved, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const saving = database.transaction(async (tx) => {
        await saveIn(tx, { primaries: makeKeys(0, 30_000) });
        saved.resolve();
        await gate.promise;
        await saveIn(tx, { primaries: makeKeys(25_000, 20_000) });
      });
      await saved.promise;
      await sql`analyze exposure`.execute(database.db);
      gate.resolve();
      await saving;
      expect(await storedKeys(database)).toHaveLength(45_000);
    });

    test("a save that meets keys which another has not committed yet waits for it, and keeps what only it brings", async () => {
      const database = await make();
      const first = pausingBeforeCommit(database, 0);
      const saving = save(first.database, { primaries: makeKeys(10, 10) });
      await first.paused;
      const other = save(database, { origin: OTHER, primaries: makeKeys(0, 30) });
      await untilBlockedOrDone(database, other);
      first.goOn();
      expect((await saving).counts).toMatchObject({ inserted: 10 });
      expect((await other).counts).toMatchObject({ inserted: 20, claimed: 10 });
      expect(await storedKeys(database)).toEqual(byName([...makeKeys(0, 30)]));
    });
  });
});

function outcomesOf(codes: Uint8Array): (SaveOutcome | undefined)[] {
  return Array.from(codes, (code) => SAVE_OUTCOMES[code]);
}

function noCounts(): Record<string, number> {
  return Object.fromEntries(SAVE_OUTCOMES.map((outcome) => [outcome, 0]));
}

function byName(keys: ExposureKey[]): ExposureKey[] {
  return keys.toSorted((a, b) => Buffer.compare(a.keyData, b.keyData));
}

async function everything(database: Database) {
  const released = await readReleasedPage(database.db, forever);
  const revised = await readRevisedPage(database.db, { ...forever, start: NOW + 1 });
  return [released, revised].map(({ valid, revoked: withdrawn }) => [copies(valid), copies(withdrawn)]);
}
