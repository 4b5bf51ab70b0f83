// Phones get what they are promised (O5).

import { expect, test } from "vitest";
import { DAY, MINUTE } from "../../core/clock.ts";
import type { ObservedCheck, ObservedPhone } from "../observe/observed.ts";
import { soundChecks } from "./o05-sound-checks.ts";
import {
  checkAt,
  hour,
  indexAt,
  lineOf,
  linesUpTo,
  makeObserved,
  makePhone,
  makeTree,
  placeOf,
} from "./testing/make-observed.ts";

const { baseUrl, indexUrl } = placeOf("client");
/** The first line leaves the index after twelve hours. */
const TREE = makeTree({ indexes: [indexAt(hour(6), linesUpTo(1)), indexAt(hour(12), linesUpTo(1, 1))] });

const judge = (check: ObservedCheck, phone: Partial<ObservedPhone> = {}) =>
  soundChecks.check(makeObserved({ trees: [TREE], phones: [makePhone({ checks: [check], ...phone })] }));

const missing = (at: number, url: string, status: number | null = 404) =>
  checkAt(at, { result: "failed", reason: "file_unavailable", failedDownloads: [{ url, status }] });

test("a listed file that is not there is found", () => {
  const url = `${baseUrl}/${lineOf(0)}`;
  expect(judge(missing(hour(7), url))).toMatchObject({ at: hour(7), where: "phone", witness: url });
});

test("a file is promised for the grace after its line has gone, and no longer", () => {
  const url = `${baseUrl}/${lineOf(0)}`;
  const end = hour(12) + 35 * MINUTE + DAY;
  expect(judge(missing(end - 1, url))).not.toBeNull();
  expect(judge(missing(end, url))).toBeNull();
});

test("what was never listed, what another tree has, and what a network or an overload denied is not the index's fault", () => {
  expect(judge(missing(hour(7), `${baseUrl}/<html>`))).toBeNull();
  expect(judge(missing(hour(7), `https://other.example/${lineOf(0)}`))).toBeNull();
  for (const status of [null, 503, 429]) expect(judge(missing(hour(7), `${baseUrl}/${lineOf(0)}`, status))).toBeNull();
  expect(judge({ ...missing(hour(7), `${baseUrl}/${lineOf(0)}`), disturbed: true })).toBeNull();
});

test("an index that should be there is promised as well, after caches have heard of it", () => {
  expect(judge(missing(hour(7), indexUrl))).toMatchObject({ at: hour(7), witness: indexUrl });
  expect(judge(missing(hour(5), indexUrl))).toBeNull();
  expect(judge(missing(hour(6) + 60, indexUrl))).toBeNull();
});

test("a refused archive is found", () => {
  const refused = [{ name: lineOf(0), reason: "info_count" as const }];
  expect(judge(checkAt(hour(7), { refused }))).toMatchObject({ at: hour(7), witness: lineOf(0) });
});

test("a quota that is used up in a quiet time is found; after a beginning, or with many new files, it is not", () => {
  const exhausted = checkAt(hour(120), { result: "failed", reason: "quota_exhausted" });
  const quiet = Array.from({ length: 29 }, (_, n) => checkAt(hour(4 * n)));
  expect(judge(exhausted, { checks: [...quiet, exhausted] })).toMatchObject({ at: hour(120), where: "phone" });
  expect(judge(exhausted)).toBeNull();
  const away = [{ from: hour(90), until: hour(110) }];
  expect(judge(exhausted, { checks: [...quiet, exhausted], away })).toBeNull();
  const busy = makeTree({ indexes: [indexAt(hour(100), linesUpTo(8))] });
  const phones = [makePhone({ checks: [...quiet, exhausted] })];
  expect(soundChecks.check(makeObserved({ trees: [busy], phones }))).toBeNull();
});
