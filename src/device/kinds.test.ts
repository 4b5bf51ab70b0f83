// Every kind of the catalogue follows, keeps what it says of itself, and loses nothing but by what it names.

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../core/clock.ts";
import { PHONE_KINDS } from "./kinds.ts";
import type { Phone } from "./phone.ts";
import type { LossCause, PhoneKind } from "./phone-kind.ts";
import { type FakeWeb, NETWORK_FAILURE } from "./testing/fake-web.ts";
import {
  archiveOf,
  listFiles,
  numbersHeldBy,
  optionsFor,
  range,
  stranger,
  urlOf,
  webListing,
} from "./testing/numbered-files.ts";

/** Checks at the kind's rhythm for so many days, from `startsAt` on. */
async function live(phone: Phone, kind: PhoneKind, startsAt: number, days: number): Promise<void> {
  for (let at = startsAt; at < startsAt + days * DAY; at += kind.pollSeconds) await phone.check(at);
}

/** Those of the files 1 to `last` that a phone of this kind may begin with. */
function firstTaken({ startsWithLast }: PhoneKind, last: number): number[] {
  return startsWithLast === null ? range(1, last) : range(Math.max(1, last - startsWithLast + 1), last);
}

test("names are unique and in kebab case, and each kind is described in a sentence", () => {
  const names = PHONE_KINDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, about } of PHONE_KINDS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(about).toMatch(/^[A-Za-z].*\.$/);
  }
});

/** What the kinds of the catalogue have there, each value once. */
function valuesOf(pick: (kind: PhoneKind) => boolean | number | string | null): string[] {
  return [...new Set(PHONE_KINDS.map((kind) => String(pick(kind))))].sort();
}

test("DB 8: every follower, verifier, profile of keys and kind of quota is in the catalogue", () => {
  expect(valuesOf(({ method }) => method)).toEqual([
    "cursor",
    "daily_periods",
    "express",
    "last_seen",
    "name_time_android",
    "name_time_ios",
    "set_of_names",
  ]);
  expect(valuesOf(({ verifier }) => verifier)).toEqual([
    "android_lenient",
    "android_single_batch",
    "android_strict",
    "ios_first_signature",
    "microg_open",
    "microg_pinned",
  ]);
  expect(valuesOf(({ trusts }) => trusts)).toEqual(["alternatives", "anything", "latest"]);
  expect(valuesOf(({ countsDuplicates }) => countsDuplicates)).toEqual(["false", "true"]);
  expect(valuesOf(({ callsPerDay }) => callsPerDay)).toEqual(["15", "20", "6", "null"]);
  expect(valuesOf(({ filesPerDay }) => filesPerDay)).toEqual(["15", "20", "null"]);
});

describe.each(PHONE_KINDS.map((kind) => [kind.name, kind] as const))("%s", (_name, kind) => {
  test("takes every key of an index that grows, and none twice unless by design", async () => {
    const web = await webListing(1, 2);
    const phone = kind.create(optionsFor(web));
    await phone.check(0);
    const first = firstTaken(kind, 2);
    expect(numbersHeldBy(phone)).toEqual(first);
    for (let last = 3; last <= 8; last++) {
      await listFiles(web, ...range(1, last));
      await phone.check((last - 2) * kind.pollSeconds);
    }
    expect(numbersHeldBy(phone)).toEqual([...first, ...range(3, 8)]);
    expect(phone.memory.counters).toMatchObject({ checks: 7, checksOk: 7, refusedArchives: 0, skippedRevisions: 0 });
    expect(phone.memory.counters.repeatedPrimaries > 0).toBe(kind.repeatsByDesign);
  });

  test("of a long list it begins with what it says, and comes to the end of it", async () => {
    const phone = kind.create(optionsFor(await webListing(...range(1, 30))));
    const first = await phone.check(0);
    const most = kind.maxFilesPerCheck ?? kind.startsWithLast ?? kind.filesPerDay ?? 30;
    expect(first.accepted).toHaveLength(Math.min(most, kind.startsWithLast ?? 30));
    await live(phone, kind, kind.pollSeconds, 3);
    expect(numbersHeldBy(phone)).toEqual(firstTaken(kind, 30));
  });

  test("its memory survives JSON and goes on in another phone of its kind", async () => {
    const web = await webListing(1, 2);
    const phone = kind.create(optionsFor(web));
    await phone.check(0);
    const memory = JSON.parse(JSON.stringify(phone.memory));
    expect(memory).toStrictEqual(phone.memory);
    await listFiles(web, 1, 2, 3);
    const second = kind.create({ ...optionsFor(web), memory });
    await second.check(kind.pollSeconds);
    expect(numbersHeldBy(second)).toEqual([...firstTaken(kind, 2), 3]);
  });

  test("after days away it takes what has come meanwhile", async () => {
    const web = await webListing(1);
    const phone = kind.create(optionsFor(web));
    await phone.check(0);
    await listFiles(web, ...range(1, 10));
    await live(phone, kind, 5 * DAY, 2);
    expect(numbersHeldBy(phone)).toEqual([...firstTaken(kind, 1), ...range(2, 10)]);
  });

  test.each<[LossCause, (web: FakeWeb) => Promise<void>]>([
    [
      "failed_download",
      async (web) => {
        web.pages.set(urlOf(3), NETWORK_FAILURE);
      },
    ],
    [
      "refused_file",
      async (web) => {
        web.pages.set(urlOf(3), "<html>Please sign in</html>");
      },
    ],
    [
      "refused_file",
      async (web) => {
        web.pages.set(urlOf(3), (await archiveOf(3)).subarray(0, 60));
      },
    ],
  ])("a file that fails once is lost only if it says so: %s", async (cause, disturb) => {
    const web = await webListing(1);
    const phone = kind.create(optionsFor(web));
    await phone.check(0);
    await listFiles(web, 1, 2, 3, 4);
    await disturb(web);
    await phone.check(DAY);
    web.pages.set(urlOf(3), await archiveOf(3));
    await live(phone, kind, 2 * DAY, 1);
    const isLost = !numbersHeldBy(phone).includes(3);
    expect(isLost).toBe(kind.losesAfter.includes(cause));
  });

  test("a foreign seal costs it the file only if it says so, or is taken where nothing is verified", async () => {
    const web = await webListing(1);
    const phone = kind.create(optionsFor(web));
    await phone.check(0);
    await listFiles(web, 1, 2, 3);
    web.pages.set(urlOf(3), await archiveOf(3, stranger));
    const { refused } = await phone.check(DAY);
    expect(refused.length > 0).toBe(!kind.verifier.startsWith("microg"));
    web.pages.set(urlOf(3), await archiveOf(3));
    await live(phone, kind, 2 * DAY, 1);
    const mayBeLost = kind.losesAfter.includes("refused_file") && kind.trusts !== "anything";
    expect(numbersHeldBy(phone).includes(3)).toBe(!mayBeLost);
  });

  test("what the quota turns away is lost only if it says so", async () => {
    const web = await webListing(1);
    const phone = kind.create({
      ...optionsFor(web),
      quota: { callsPerDay: 1, filesPerDay: null, countsRefusedCalls: false },
    });
    await phone.check(0);
    await listFiles(web, 1, 2, 3);
    await phone.check(2 * DAY);
    await listFiles(web, 1, 2, 3, 4);
    await phone.check(2 * DAY + HOUR);
    for (let day = 4; day < 9; day++) await phone.check(day * DAY);
    const isLost = ![2, 3, 4].every((number) => numbersHeldBy(phone).includes(number));
    expect(isLost).toBe(kind.losesAfter.includes("quota_exhausted"));
  });
});

describe("DB 2.7, 3.2: which of two keys in force each kind takes", () => {
  test.each(PHONE_KINDS.map((kind) => [kind.name, kind] as const))("%s", async (_name, kind) => {
    const accepts = async (order: "old, new" | "new, old"): Promise<boolean> => {
      const web = await webListing(1);
      const { trustedKeys, ...options } = optionsFor(web);
      const [old = []] = trustedKeys;
      const sets = [old, [stranger.trusted]];
      const phone = kind.create({ ...options, trustedKeys: order === "old, new" ? sets : sets.toReversed() });
      for (const last of [1, 2]) {
        await listFiles(web, ...range(1, last));
        web.pages.set(urlOf(last), await archiveOf(last, stranger));
        await phone.check(last * DAY);
      }
      return numbersHeldBy(phone).includes(2);
    };
    expect(await accepts("old, new")).toBe(true);
    expect(await accepts("new, old")).toBe(kind.trusts !== "latest");
  });
});
