// Whole checks over a fake web: what goes well, what goes wrong, and what it costs the phone.

import { describe, expect, test } from "vitest";
import { androidLenient } from "./android-verifier.ts";
import { iosFirstSignature } from "./ios-verifier.ts";
import { lastSeenFollower } from "./last-seen.ts";
import { createNameTimeIos } from "./name-time.ts";
import { createPhone, type Phone } from "./phone.ts";
import type { ProvideQuota } from "./provide-quota.ts";
import { createSetFollower } from "./set-of-names.ts";
import { type FakeWeb, NETWORK_FAILURE } from "./testing/fake-web.ts";
import {
  archiveOf,
  INDEX_URL,
  listFiles,
  nameOf,
  numbersHeldBy,
  optionsFor,
  signer,
  stranger,
  urlOf,
  webListing,
} from "./testing/numbered-files.ts";
import { androidReferencePhone, covidgreenAndroidPhone, setPhone } from "./testing/preset-phones.ts";

const HOUR = 3_600;
const FILES = [1, 2, 3, 4];

const KINDS: [string, (web: FakeWeb) => Phone][] = [
  ["reference", (web) => androidReferencePhone(optionsFor(web))],
  ["covidgreen", (web) => covidgreenAndroidPhone(optionsFor(web))],
  ["set", (web) => setPhone(optionsFor(web))],
];

describe.each(KINDS)("the %s phone", (_kind, create) => {
  test("takes every key once while the index grows, and fetches no file twice", async () => {
    const web = await webListing(1, 2);
    const phone = create(web);
    expect(await phone.check(HOUR)).toMatchObject({
      result: "ok",
      reason: null,
      fetched: [1, 2].map(urlOf),
      accepted: [1, 2].map(nameOf),
      keysAdded: 2,
    });
    await listFiles(web, 1, 2, 3);
    expect(await phone.check(2 * HOUR)).toMatchObject({ result: "ok", accepted: [nameOf(3)], keysAdded: 1 });
    expect(numbersHeldBy(phone)).toEqual([1, 2, 3]);
    expect(web.requests.filter((url) => url.endsWith(".zip"))).toHaveLength(3);
    expect(phone.memory.counters).toEqual({
      checks: 2,
      checksOk: 2,
      lastOkAt: 2 * HOUR,
      longestGapSeconds: HOUR,
      refusedArchives: 0,
      repeatedPrimaries: 0,
      skippedRevisions: 0,
    });
  });

  test("a check that finds nothing new ends well, so it ends a gap", async () => {
    const phone = create(await webListing(1));
    for (const hour of [1, 4, 6]) await phone.check(hour * HOUR);
    expect(phone.memory.counters).toMatchObject({ checks: 3, checksOk: 3, longestGapSeconds: 3 * HOUR });
  });

  test("an index that does not come fails the check and changes nothing", async () => {
    const web = await webListing(1);
    const phone = create(web);
    for (const page of [{ status: 404 }, { status: 503 }, NETWORK_FAILURE] as const) {
      web.pages.set(INDEX_URL, page);
      expect(await phone.check(HOUR)).toMatchObject({ result: "failed", reason: "index_unavailable" });
    }
    await listFiles(web, 1);
    await phone.check(9 * HOUR);
    expect(numbersHeldBy(phone)).toEqual([1]);
    expect(phone.memory.counters).toMatchObject({ checks: 4, checksOk: 1, longestGapSeconds: 0 });
  });

  test("a foreign seal refuses the whole call, is counted at every check, and is not destructive", async () => {
    const web = await webListing(1, 2);
    web.pages.set(urlOf(2), await archiveOf(2, stranger));
    const phone = create(web);
    const refused = [{ name: nameOf(2), reason: "signature_mismatch" }];
    expect(await phone.check(HOUR)).toMatchObject({ reason: "call_refused", accepted: [], refused, keysAdded: 0 });
    await phone.check(2 * HOUR);
    expect(numbersHeldBy(phone)).toEqual([]);
    expect(phone.memory.counters).toMatchObject({ checksOk: 0, refusedArchives: 2 });

    web.pages.set(urlOf(2), await archiveOf(2));
    expect(await phone.check(3 * HOUR)).toMatchObject({ result: "ok", keysAdded: 2 });
  });

  test("an HTML page in the place of an archive is refused", async () => {
    const web = await webListing(1);
    web.pages.set(urlOf(1), "<html>Please sign in</html>");
    const refused = [{ name: nameOf(1), reason: "zip_entries" }];
    expect(await create(web).check(HOUR)).toMatchObject({ reason: "call_refused", refused });
  });

  test("an HTML page in the place of the index does not end well and loses nothing", async () => {
    const web = await webListing(1);
    const phone = create(web);
    await phone.check(HOUR);
    web.pages.set(INDEX_URL, "<html>\n<p>Please sign in</p>\n</html>");
    expect((await phone.check(2 * HOUR)).result).toBe("failed");
    await listFiles(web, 1, 2);
    expect(await phone.check(3 * HOUR)).toMatchObject({ result: "ok", keysAdded: 1, repeatedPrimaries: [] });
  });

  test("its memory survives JSON", async () => {
    const web = await webListing(1, 2);
    const phone = create(web);
    await phone.check(HOUR);
    expect(JSON.parse(JSON.stringify(phone.memory))).toStrictEqual(phone.memory);
  });
});

test("a restored memory goes on where it stopped", async () => {
  const web = await webListing(1, 2);
  const first = androidReferencePhone(optionsFor(web));
  await first.check(HOUR);
  await listFiles(web, 1, 2, 3);
  const memory = structuredClone(first.memory);
  const second = createPhone({ ...optionsFor(web), follower: lastSeenFollower, verifier: androidLenient, memory });
  expect(await second.check(2 * HOUR)).toMatchObject({ accepted: [nameOf(3)] });
  expect(numbersHeldBy(second)).toEqual([1, 2, 3]);
});

describe("DB 1.6, file listed but 404", () => {
  const missing = urlOf(2);
  async function webWithHole(): Promise<FakeWeb> {
    const web = await webListing(1, 2, 3);
    web.pages.set(missing, { status: 404 });
    return web;
  }

  test.each([KINDS[0], KINDS[2]].filter((kind) => kind !== undefined))(
    "%s: the run fails until it is repaired, and nothing is lost",
    async (_kind, create) => {
      const web = await webWithHole();
      const phone = create(web);
      expect(await phone.check(HOUR)).toMatchObject({
        reason: "file_unavailable",
        fetched: [urlOf(1)],
        failedDownloads: [{ url: missing, status: 404 }],
        keysAdded: 0,
      });
      web.pages.set(missing, await archiveOf(2));
      expect(await phone.check(2 * HOUR)).toMatchObject({ result: "ok", keysAdded: 3 });
    },
  );

  test("covidgreen on Android: skipped and lost", async () => {
    const web = await webWithHole();
    const phone = covidgreenAndroidPhone(optionsFor(web));
    const failedDownloads = [{ url: missing, status: 404 }];
    expect(await phone.check(HOUR)).toMatchObject({ result: "ok", accepted: [1, 3].map(nameOf), failedDownloads });
    web.pages.set(missing, await archiveOf(2));
    expect(await phone.check(2 * HOUR)).toMatchObject({ result: "ok", fetched: [] });
    expect(numbersHeldBy(phone)).toEqual([1, 3]);
  });

  test.each([
    ["lost if another file came", 3, [1, 3]],
    ["not lost if it was alone", 2, [1, 2]],
  ])("covidgreen on iOS: %s", async (_case, last, held) => {
    const web = await webListing(1);
    const follower = createNameTimeIos();
    const phone = createPhone({ ...optionsFor(web), follower, verifier: iosFirstSignature });
    await phone.check(HOUR);
    await listFiles(web, ...FILES.slice(0, last));
    web.pages.set(missing, { status: 404 });
    await phone.check(2 * HOUR);
    web.pages.set(missing, await archiveOf(2));
    await phone.check(3 * HOUR);
    expect(numbersHeldBy(phone)).toEqual(held);
  });

  test("covidgreen on Android: when none came the check did nothing", async () => {
    const web = await webListing(2);
    web.pages.set(missing, NETWORK_FAILURE);
    const phone = covidgreenAndroidPhone(optionsFor(web));
    expect(await phone.check(HOUR)).toMatchObject({ reason: "file_unavailable", failedDownloads: [{ status: null }] });
    expect(phone.memory.follower).toEqual({ since: 0 });
  });

  test("roaming: a failing server sinks the files of the other one", async () => {
    const web = await webListing(1);
    const roaming = [{ indexUrl: "https://other/index.txt", baseUrl: "https://other" }];
    const phone = androidReferencePhone({ ...optionsFor(web), roaming });
    expect(await phone.check(HOUR)).toMatchObject({ reason: "index_unavailable" });
    web.pages.set("https://other/index.txt", "gone.zip");
    expect(await phone.check(HOUR)).toMatchObject({ reason: "file_unavailable", keysAdded: 0 });
  });
});

async function repeatedBy(create: (web: FakeWeb) => Phone): Promise<number> {
  const web = await webListing(1, 2, 3);
  const phone = create(web);
  for (const listed of [
    [1, 2, 3],
    [1, 2],
    [1, 2, 3],
  ]) {
    await listFiles(web, ...listed);
    expect(await phone.check(HOUR)).toMatchObject({ result: "ok" });
  }
  expect(numbersHeldBy(phone)).toEqual([1, 2, 3]);
  return phone.memory.counters.repeatedPrimaries;
}

describe("a stale index after a newer one looks like a rollback", () => {
  test("the reference phone repeats everything listed, and the newest line when it is back", async () => {
    expect(await repeatedBy((web) => androidReferencePhone(optionsFor(web)))).toBe(3);
  });
  test("the set phone repeats what the stale index did not list", async () => {
    expect(await repeatedBy((web) => setPhone(optionsFor(web)))).toBe(1);
  });
  test("name time repeats nothing", async () => {
    expect(await repeatedBy((web) => covidgreenAndroidPhone(optionsFor(web)))).toBe(0);
  });
});

async function checkTwice(phone: Phone, web: FakeWeb): Promise<string[]> {
  await phone.check(HOUR);
  await listFiles(web);
  const empty = await phone.check(2 * HOUR);
  await listFiles(web, 1, 2);
  const next = await phone.check(3 * HOUR);
  return [empty.reason ?? empty.result, `repeated ${next.repeatedPrimaries.length}`];
}

describe("an empty index", () => {
  test("ends well for the reference phone and keeps its memory", async () => {
    const web = await webListing(1, 2);
    expect(await checkTwice(androidReferencePhone(optionsFor(web)), web)).toEqual(["ok", "repeated 0"]);
  });
  test("makes the literal set method repeat everything", async () => {
    const web = await webListing(1, 2);
    expect(await checkTwice(setPhone(optionsFor(web)), web)).toEqual(["ok", "repeated 2"]);
  });
  test("kills the check of covidgreen on Android", async () => {
    const web = await webListing(1, 2);
    expect(await checkTwice(covidgreenAndroidPhone(optionsFor(web)), web)).toEqual(["index_unparsable", "repeated 0"]);
  });
});

describe("DB 1.3, when the set is committed", () => {
  test.each([
    ["after_accepted", 1],
    ["after_download", 0],
  ] as const)("%s: of a refused file %i comes in the end", async (commit, comes) => {
    const web = await webListing(1);
    web.pages.set(urlOf(1), await archiveOf(1, stranger));
    const follower = createSetFollower({ commit, partialDownload: "all_or_nothing" });
    const phone = createPhone({ ...optionsFor(web), follower, verifier: androidLenient });
    await phone.check(HOUR);
    web.pages.set(urlOf(1), await archiveOf(1));
    expect((await phone.check(2 * HOUR)).keysAdded).toBe(comes);
  });
});

function twoCalls(countsRefusedCalls: boolean): ProvideQuota {
  return { callsPerDay: 2, filesPerDay: null, countsRefusedCalls };
}

describe("DB 5, the quota", () => {
  test("a call above the quota fails, loses nothing, and goes through a day after the first one", async () => {
    const web = await webListing();
    const phone = androidReferencePhone({ ...optionsFor(web), quota: twoCalls(true) });
    const results: (string | null)[] = [];
    for (const [number, hour] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 24],
    ] as const) {
      await listFiles(web, ...FILES.slice(0, number));
      results.push((await phone.check(hour * HOUR)).reason);
    }
    expect(results).toEqual([null, null, "quota_exhausted", null]);
    expect(numbersHeldBy(phone)).toEqual(FILES);
  });

  test("checks without new files make no call", async () => {
    const phone = androidReferencePhone({ ...optionsFor(await webListing(1)), quota: twoCalls(true) });
    for (let hour = 0; hour < 5; hour++) expect((await phone.check(hour * HOUR)).result).toBe("ok");
  });

  test.each([
    [true, "quota_exhausted"],
    [false, "call_refused"],
  ] as const)("refused calls count: %s", async (counts, third) => {
    const phone = androidReferencePhone({
      ...optionsFor(await webListing(1)),
      trustedKeys: [],
      quota: twoCalls(counts),
    });
    await phone.check(0);
    await phone.check(1);
    expect((await phone.check(2)).reason).toBe(third);
  });
});

test("DB 6.3: an archive under the next key is poison until the phone gets that key", async () => {
  const rotatedAt = 10 * HOUR;
  const web = await webListing(1);
  web.pages.set(urlOf(1), await archiveOf(1, stranger));
  const trustedKeys = [[{ ...signer.trusted, until: rotatedAt }], [{ ...stranger.trusted, from: rotatedAt }]];
  const phone = androidReferencePhone({ ...optionsFor(web), trustedKeys });
  expect(await phone.check(rotatedAt - 1)).toMatchObject({ reason: "call_refused" });
  expect(await phone.check(rotatedAt)).toMatchObject({ result: "ok", keysAdded: 1 });
  await listFiles(web, 1, 2);
  expect(await phone.check(rotatedAt)).toMatchObject({ reason: "call_refused" });
});
