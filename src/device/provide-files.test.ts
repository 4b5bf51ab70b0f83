// What the operating system makes of the calls of an app: grouping, quotas, known archives, wrong clocks (DB 1.5, 2, 5, 8).

import { describe, expect, test } from "vitest";
import { DAY, HOUR, type UnixSeconds } from "../core/clock.ts";
import { androidLenient, androidSingleBatch } from "./android-verifier.ts";
import type { Commit } from "./follower.ts";
import { createLastSeenFollower, lastSeenFollower } from "./last-seen.ts";
import { microgPinned } from "./microg-verifier.ts";
import { createPhone, type Phone, type PhoneOptions } from "./phone.ts";
import { IOS_13_5_QUOTA, NO_QUOTA } from "./provide-quota.ts";
import { createSetFollower } from "./set-of-names.ts";
import type { FakeWeb } from "./testing/fake-web.ts";
import { makeArchive } from "./testing/make-archive.ts";
import {
  archiveOf,
  INDEX_URL,
  keyHexOf,
  listFiles,
  nameOf,
  numbersHeldBy,
  optionsFor,
  range,
  signer,
  stranger,
  urlOf,
  webListing,
} from "./testing/numbered-files.ts";

function phoneOn<Memory>(
  web: FakeWeb,
  profile: Partial<PhoneOptions<Memory>> & Pick<PhoneOptions<Memory>, "follower">,
) {
  return createPhone<Memory>({ ...optionsFor(web), verifier: androidLenient, ...profile });
}

async function checkTwice(commit: Commit, callsPerFile: boolean): Promise<string[]> {
  const web = await webListing(1, 2, 3);
  web.pages.set(urlOf(2), await archiveOf(2, stranger));
  const phone = phoneOn(web, { follower: createLastSeenFollower(commit), callsPerFile });
  const first = await phone.check(HOUR);
  expect(first).toMatchObject({ reason: "call_refused", refused: [{ name: nameOf(2) }] });
  const held = numbersHeldBy(phone).join(" ");
  web.pages.set(urlOf(2), await archiveOf(2));
  const second = await phone.check(2 * HOUR);
  expect(second.result).toBe("ok");
  return [held, `${first.provideCalls} calls`, numbersHeldBy(phone).join(" "), `${second.accepted.length} next`];
}

describe("DB 8, call grouping: file 2 of 3 is refused", () => {
  test.each<[string, Commit, callsPerFile: boolean, expected: string[]]>([
    ["all in one call: nothing of it is processed", "after_accepted", false, ["", "1 calls", "1 2 3", "3 next"]],
    [
      "one per file: what came before stays, and comes again",
      "after_accepted",
      true,
      ["1", "2 calls", "1 2 3", "3 next"],
    ],
    [
      "one per file, remembered each: nothing comes again",
      "after_each_call",
      true,
      ["1", "2 calls", "1 2 3", "2 next"],
    ],
    [
      "Immuni: remembered after the first call, so 2 and 3 are lost",
      "after_first_call",
      true,
      ["1", "2 calls", "1", "0 next"],
    ],
    ["remembered after download: all is lost", "after_download", false, ["", "1 calls", "", "0 next"]],
  ])("%s", async (_grouping, commit, callsPerFile, expected) => {
    expect(await checkTwice(commit, callsPerFile)).toEqual(expected);
  });

  test("a refusal of the first call is not destructive for Immuni", async () => {
    const web = await webListing(1, 2);
    web.pages.set(urlOf(1), await archiveOf(1, stranger));
    const phone = phoneOn(web, { follower: createLastSeenFollower("after_first_call"), callsPerFile: true });
    expect(await phone.check(HOUR)).toMatchObject({ reason: "call_refused", provideCalls: 1 });
    web.pages.set(urlOf(1), await archiveOf(1));
    expect(await phone.check(HOUR)).toMatchObject({ keysAdded: 2, provideCalls: 2 });
  });

  test("a system that takes one batch per call needs one call per file", async () => {
    const web = await webListing(1, 2);
    const single = { verifier: androidSingleBatch };
    const together = phoneOn(web, { ...single, follower: lastSeenFollower });
    expect(await together.check(HOUR)).toMatchObject({ refused: [{ reason: "batch_mixed" }] });
    const apart = phoneOn(web, { ...single, follower: createLastSeenFollower("after_each_call"), callsPerFile: true });
    expect(await apart.check(HOUR)).toMatchObject({ result: "ok", keysAdded: 2 });
  });

  test("DB 1.3, CWA on iOS: after a refusal everything is fetched again", async () => {
    const web = await webListing(1);
    const follower = createSetFollower({
      commit: "after_accepted",
      partialDownload: "all_or_nothing",
      forgetsWhenRefused: true,
    });
    const phone = phoneOn(web, { follower });
    await phone.check(HOUR);
    await listFiles(web, 1, 2);
    web.pages.set(urlOf(2), await archiveOf(2, stranger));
    await phone.check(2 * HOUR);
    web.pages.set(urlOf(2), await archiveOf(2));
    expect(await phone.check(3 * HOUR)).toMatchObject({ keysAdded: 1, repeatedPrimaries: [keyHexOf(1)] });
  });
});

describe("DB 5, quotas of calls and of files", () => {
  test("one call per file: the check ends with the calls of the day, and goes on a day later", async () => {
    const phone = phoneOn(await webListing(...range(1, 8)), {
      follower: createLastSeenFollower("after_each_call"),
      callsPerFile: true,
      quota: { ...NO_QUOTA, callsPerDay: 6 },
    });
    expect(await phone.check(0)).toMatchObject({ reason: "quota_exhausted", provideCalls: 6, keysAdded: 6 });
    expect(await phone.check(DAY - 1)).toMatchObject({ reason: "quota_exhausted", provideCalls: 0 });
    expect(await phone.check(DAY)).toMatchObject({ result: "ok", provideCalls: 2, keysAdded: 2 });
  });

  test("iOS 13.5: fifteen files a day, oldest first, without fetching more", async () => {
    const web = await webListing(...range(1, 20));
    const phone = phoneOn(web, {
      follower: createSetFollower({ commit: "after_accepted", partialDownload: "all_or_nothing" }),
      quota: IOS_13_5_QUOTA,
    });
    expect((await phone.check(0)).fetched).toEqual(range(1, 15).map(urlOf));
    expect(await phone.check(HOUR)).toMatchObject({ reason: "quota_exhausted", fetched: [] });
    expect((await phone.check(DAY)).fetched).toEqual(range(16, 20).map(urlOf));
    expect(numbersHeldBy(phone)).toEqual(range(1, 20));
  });

  test("files of a refused call count where refused calls do", async () => {
    const web = await webListing(...range(1, 15));
    const follower = createSetFollower({ commit: "after_accepted", partialDownload: "all_or_nothing" });
    const phone = phoneOn(web, { follower, quota: IOS_13_5_QUOTA, trustedKeys: [] });
    expect((await phone.check(0)).reason).toBe("call_refused");
    expect((await phone.check(1)).reason).toBe("quota_exhausted");
  });
});

/** File 2 lies at two lines: the second one with the given content. */
async function twoLines(second: Uint8Array): Promise<FakeWeb> {
  const web = await webListing(2);
  web.pages.set("https://h/again.zip", second);
  web.pages.set(INDEX_URL, `${nameOf(2)}\nagain.zip`);
  return web;
}

describe("archives that a system takes for known", () => {
  const sameTiming = { start: 200, end: 300 };

  test("DB 2.10, microG: the same zip under another line is passed over", async () => {
    const phone = phoneOn(await twoLines(await archiveOf(2)), {
      follower: lastSeenFollower,
      verifier: microgPinned,
      knownBy: "bytes",
    });
    expect(await phone.check(HOUR)).toMatchObject({
      result: "ok",
      accepted: [nameOf(2)],
      dropped: [{ name: "again.zip", reason: "bytes_known" }],
      repeatedPrimaries: [],
    });
  });

  test("DB 2.10, microG: what was dropped is never tried again, not even under the right key", async () => {
    const web = await webListing(1);
    web.pages.set(urlOf(1), await archiveOf(1, stranger));
    const trustedKeys = [[{ ...signer.trusted, until: DAY }], [{ ...stranger.trusted, from: DAY }]];
    const phone = phoneOn(web, { follower: lastSeenFollower, verifier: microgPinned, knownBy: "bytes", trustedKeys });
    const dropped = [{ name: nameOf(1), reason: "signature_mismatch" }];
    expect(await phone.check(HOUR)).toMatchObject({ result: "ok", accepted: [], dropped, refused: [] });
    web.pages.set("https://h/moved.zip", await archiveOf(1, stranger));
    web.pages.set(INDEX_URL, "moved.zip");
    const known = [{ name: "moved.zip", reason: "bytes_known" }];
    expect(await phone.check(2 * DAY)).toMatchObject({ result: "ok", accepted: [], dropped: known });
    expect(numbersHeldBy(phone)).toEqual([]);
  });

  test.each([
    ["in one call", 1],
    ["in two calls", 2],
  ])("DB 2.5, a second file of equal timing is ignored, %s", async (_when, checks) => {
    const other = await makeArchive({
      signers: [signer],
      ...sameTiming,
      primaries: [{ keyData: new Uint8Array(16).fill(9) }],
    });
    const web = await twoLines(other);
    if (checks === 2) web.pages.set(INDEX_URL, nameOf(2));
    const phone = phoneOn(web, { follower: lastSeenFollower, knownBy: "timing" });
    if (checks === 2) await phone.check(HOUR);
    web.pages.set(INDEX_URL, `${nameOf(2)}\nagain.zip`);
    const dropped = [{ name: "again.zip", reason: "timing_known" }];
    expect(await phone.check(2 * HOUR)).toMatchObject({ result: "ok", dropped });
    expect(numbersHeldBy(phone)).toEqual([2]);
    phone.memory.follower = {};
    expect((await phone.check(3 * HOUR)).dropped).toEqual(dropped);
  });

  test("DB 2.5, the parts of a batch differ in their number", async () => {
    const web = await twoLines(await makeArchive({ signers: [signer], ...sameTiming, batchNum: 2, batchSize: 2 }));
    web.pages.set(urlOf(2), await makeArchive({ signers: [signer], ...sameTiming, batchNum: 1, batchSize: 2 }));
    const phone = phoneOn(web, { follower: lastSeenFollower, knownBy: "timing" });
    expect(await phone.check(HOUR)).toMatchObject({ accepted: [nameOf(2), "again.zip"], dropped: [] });
  });

  test("another end is another timing, and the same line again is nothing to report", async () => {
    const other = await makeArchive({ signers: [signer], ...sameTiming, end: 301 });
    const web = await twoLines(other);
    const phone = phoneOn(web, { follower: lastSeenFollower, knownBy: "timing" });
    expect(await phone.check(HOUR)).toMatchObject({ accepted: [nameOf(2), "again.zip"], dropped: [] });
    phone.memory.follower = {};
    expect(await phone.check(HOUR)).toMatchObject({ accepted: [], dropped: [] });
  });
});

describe("DB 1.5, Immuni: an index that is not there", () => {
  test.each([
    [404, true, "ok"],
    [503, true, "failed"],
    [404, false, "failed"],
  ])("status %i, missing index ends well: %s", async (status, missingIndexEndsWell, result) => {
    const web = await webListing(1);
    web.pages.set(INDEX_URL, { status });
    const phone = phoneOn(web, { follower: lastSeenFollower, missingIndexEndsWell });
    expect((await phone.check(HOUR)).result).toBe(result);
    expect(phone.memory.follower).toEqual({});
  });
});

const FIRST_DAY = 2_650_000 * 600;
async function webOfOneDay(): Promise<FakeWeb> {
  const primaries = [{ keyData: new Uint8Array(16).fill(1), rollingStart: 2_650_000, rollingPeriod: 144 }];
  const web = await webListing(1);
  web.pages.set(urlOf(1), await makeArchive({ signers: [signer], primaries }));
  return web;
}

describe("a phone with a wrong clock", () => {
  test.each([
    ["the right time", 0, 0],
    ["as late as the tolerance of two hours allows", 14 * DAY + 2 * HOUR, 0],
    ["a second later", 14 * DAY + 2 * HOUR + 1, 1],
    ["as early as the tolerance allows", -DAY - 2 * HOUR, 0],
    ["a second earlier", -DAY - 2 * HOUR - 1, 1],
  ])("%s: its key is held, and outside the window: %#", async (_clock, offset, outside) => {
    const showTime = (now: UnixSeconds): UnixSeconds => now + offset;
    const phone = phoneOn(await webOfOneDay(), { follower: lastSeenFollower, showTime });
    const result = await phone.check(FIRST_DAY + DAY);
    expect(result).toMatchObject({ keysAdded: 1, keysOutsideWindow: outside, at: FIRST_DAY + DAY });
    expect(numbersHeldBy(phone)).toEqual([1]);
  });

  test("it gets trusted keys when they arrive, whatever it takes the time for", async () => {
    const trustedKeys = [[{ ...signer.trusted, from: 10 * DAY }]];
    const phone = phoneOn(await webListing(1), {
      follower: lastSeenFollower,
      trustedKeys,
      showTime: (now) => now + 20 * DAY,
    });
    expect((await phone.check(10 * DAY - 1)).reason).toBe("call_refused");
    expect((await phone.check(10 * DAY)).result).toBe("ok");
  });

  test("a clock that is set ahead opens the day's quota of files once more", async () => {
    let offset = 0;
    const web = await webListing(1);
    const phone = phoneOn(web, {
      follower: createSetFollower({ commit: "after_accepted", partialDownload: "all_or_nothing" }),
      quota: { ...NO_QUOTA, filesPerDay: 1 },
      showTime: (now) => now + offset,
    });
    await phone.check(0);
    await listFiles(web, 1, 2);
    expect((await phone.check(HOUR)).reason).toBe("quota_exhausted");
    offset = DAY;
    expect((await phone.check(HOUR)).result).toBe("ok");
  });

  test("the quota is counted by its own clock; set back, it does not count what lies ahead", async () => {
    let offset = 30 * DAY;
    const web = await webListing(1);
    const phone = phoneOn(web, {
      follower: lastSeenFollower,
      quota: { ...NO_QUOTA, callsPerDay: 1 },
      showTime: (now) => now + offset,
    });
    expect((await phone.check(HOUR)).result).toBe("ok");
    await listFiles(web, 1, 2);
    expect((await phone.check(2 * HOUR)).reason).toBe("quota_exhausted");
    offset = 0;
    expect((await phone.check(3 * HOUR)).result).toBe("ok");
  });
});

test("an app that is removed and installed again begins anew; the quota of its system goes on", async () => {
  const phone: Phone = phoneOn(await webListing(1, 2), {
    follower: lastSeenFollower,
    quota: { ...NO_QUOTA, callsPerDay: 2 },
  });
  await phone.check(0);
  phone.reinstall();
  expect(numbersHeldBy(phone)).toEqual([]);
  expect(await phone.check(HOUR)).toMatchObject({ keysAdded: 2, repeatedPrimaries: [] });
  phone.reinstall();
  expect((await phone.check(2 * HOUR)).reason).toBe("quota_exhausted");
  expect(phone.memory.counters.checks).toBe(3);
});

test("an app on microG that is installed again takes its archives again", async () => {
  const web = await webListing(1);
  const phone = phoneOn(web, { follower: lastSeenFollower, verifier: microgPinned, knownBy: "bytes" });
  await phone.check(0);
  phone.reinstall();
  expect(await phone.check(HOUR)).toMatchObject({ keysAdded: 1 });
});
