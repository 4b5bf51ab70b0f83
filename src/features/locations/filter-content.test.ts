// The filter of a location against the same rules said with maps.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { mayBecome } from "../../core/report-type.ts";
import { sortByKeyData } from "../../core/sort-keys.ts";
import { filterContent } from "./filter-content.ts";

/** Few keys and few values, so that keys meet themselves with the same and with other values. */
const exposureKeys: fc.Arbitrary<ExposureKey> = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.constantFrom(1, 2, 5, null), fc.constantFrom(3, null))
  .map(([name, reportType, transmissionRisk]) => exposureKey(name, reportType, transmissionRisk));

const lists = fc.array(exposureKeys, { maxLength: 12 });
/** What archives hold, oldest first; each as a location keeps it. */
const histories = fc.array(lists, { maxLength: 5 });

function exposureKey(name: number, reportType: ExposureKey["reportType"], transmissionRisk: number | null = null) {
  const keyData = new Uint8Array(16);
  keyData[15] = name;
  return { keyData, rollingStart: 100, rollingPeriod: 144, transmissionRisk, reportType, daysSinceOnset: null };
}

async function* archivesOf(history: readonly ExposureKey[][]): AsyncGenerator<KeyBatch> {
  for (const keys of history) yield sortByKeyData(KeyBatch.from(keys));
}

async function run(primaries: ExposureKey[], revised: ExposureKey[], history: ExposureKey[][]) {
  const remaining = await filterContent(KeyBatch.from(primaries), KeyBatch.from(revised), archivesOf(history));
  return { ...remaining, primaries: recordsOf(remaining.primaries), revised: recordsOf(remaining.revised) };
}

const recordOf = (key: ExposureKey) => KeyBatch.from([key]).bytes.toHex();
const nameOf = (record: string) => record.slice(0, 32);
const recordsOf = (batch: KeyBatch) => Array.from({ length: batch.length }, (_, at) => batch.record(at).toHex());

/** A key with its type as phones read it. */
const meaningOf = (key: ExposureKey) => `${nameOf(recordOf(key))} ${key.reportType ?? ReportType.confirmed}`;

/** The rules said with maps of records in hex. */
function naiveFilter(primaries: ExposureKey[], revised: ExposureKey[], history: ExposureKey[][]) {
  const wanted = new Map<string, { record: string; key: ExposureKey; isPrimary: boolean; isRevised: boolean }>();
  for (const key of primaries) {
    wanted.set(nameOf(recordOf(key)), { record: recordOf(key), key, isPrimary: true, isRevised: false });
  }
  for (const key of revised) {
    const isPrimary = wanted.get(nameOf(recordOf(key)))?.isPrimary ?? false;
    wanted.set(nameOf(recordOf(key)), { record: recordOf(key), key, isPrimary, isRevised: true });
  }
  const published = new Set(history.flat().map(meaningOf));
  const newestOf = (name: string) => history.flat().findLast((key) => nameOf(recordOf(key)) === name);
  const result = { primaries: [] as string[], revised: [] as string[], turnedRevised: 0 };
  for (const [name, { record, key, isPrimary, isRevised }] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (published.has(meaningOf(key))) continue;
    const newest = newestOf(name);
    const isHere = newest !== undefined;
    if (isHere && mayBecome(key.reportType, newest.reportType)) continue;
    if (isHere || !isPrimary || key.reportType === ReportType.revoked) result.revised.push(record);
    else result.primaries.push(record);
    if (isHere && !isRevised) result.turnedRevised++;
  }
  const kept = result.primaries.length + result.revised.length;
  return { ...result, leftOut: primaries.length + revised.length - kept };
}

describe("filtering content for a location", () => {
  test("does what the rules say, whatever is supplied and whatever stands there", async () => {
    await fc.assert(
      fc.asyncProperty(lists, lists, histories, async (primaries, revised, history) => {
        expect(await run(primaries, revised, history)).toEqual(naiveFilter(primaries, revised, history));
      }),
      { numRuns: 500 },
    );
  });

  test("I20: over any sequence of supplies each key is a primary once, and no archive has a key twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(lists, lists), { maxLength: 6 }), async (supplies) => {
        const history: ExposureKey[][] = [];
        const seen = new Set<string>();
        for (const [primaries, revised] of supplies) {
          const kept = await filterContent(KeyBatch.from(primaries), KeyBatch.from(revised), archivesOf(history));
          const names = [...recordsOf(kept.primaries), ...recordsOf(kept.revised)].map(nameOf);
          expect(new Set(names).size).toBe(names.length);
          for (const record of recordsOf(kept.primaries)) {
            expect(seen).not.toContain(nameOf(record));
            seen.add(nameOf(record));
          }
          history.push([...kept.primaries, ...kept.revised]);
        }
      }),
    );
  });

  test("drops nothing silently: what was published, remains and was left out adds up to what came", async () => {
    await fc.assert(
      fc.asyncProperty(lists, lists, histories, async (primaries, revised, history) => {
        const kept = await run(primaries, revised, history);
        const sum = kept.primaries.length + kept.revised.length + kept.leftOut;
        expect(sum).toBe(primaries.length + revised.length);
      }),
    );
  });

  test("a key that stands here with the same type is left out, even when it was revised since", async () => {
    const key = exposureKey(1, ReportType.likely);
    const kept = await run([key], [], [[key], [exposureKey(1, ReportType.confirmed)]]);
    expect(kept).toEqual({ primaries: [], revised: [], leftOut: 1, turnedRevised: 0 });
  });

  test("a primary that stands here with another type becomes a revised key", async () => {
    const key = exposureKey(1, ReportType.confirmed);
    const kept = await run([key], [], [[exposureKey(1, ReportType.likely)]]);
    expect(kept).toEqual({ primaries: [], revised: [recordOf(key)], leftOut: 0, turnedRevised: 1 });
  });

  test.each([
    ["as revised key", [], [exposureKey(1, ReportType.confirmed, 2)]],
    ["as a primary", [exposureKey(1, ReportType.confirmed, 2)], []],
    ["without its type, which phones read as confirmed", [], [exposureKey(1, null, 2)]],
  ])(
    "an echo of a revised key with the risk of its original, %s, changes nothing",
    async (_how, primaries, revised) => {
      const history = [[exposureKey(1, ReportType.likely, 2)], [exposureKey(1, ReportType.confirmed, 6)]];
      const kept = await run(primaries, revised, history);
      expect(kept).toEqual({ primaries: [], revised: [], leftOut: 1, turnedRevised: 0 });
    },
  );

  test.each([ReportType.confirmed, ReportType.revoked])(
    "an earlier state of what stands here (type %i) is left out: the slower way undoes nothing",
    async (newest) => {
      const kept = await run([exposureKey(1, ReportType.likely)], [], [[exposureKey(1, newest)]]);
      expect(kept).toEqual({ primaries: [], revised: [], leftOut: 1, turnedRevised: 0 });
    },
  );

  test("a key and its revision in one supply go out once, as a primary with the final values", async () => {
    const final = exposureKey(1, ReportType.confirmed);
    const kept = await run([exposureKey(1, ReportType.likely)], [final], []);
    expect(kept).toEqual({ primaries: [recordOf(final)], revised: [], leftOut: 1, turnedRevised: 0 });
  });

  test("E27: a key that is revoked before its first publication goes out only as a revised key", async () => {
    const revoked = exposureKey(1, ReportType.revoked);
    const kept = await run([exposureKey(1, ReportType.likely)], [revoked], []);
    expect(kept).toEqual({ primaries: [], revised: [recordOf(revoked)], leftOut: 1, turnedRevised: 0 });
  });
});
