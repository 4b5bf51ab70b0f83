// One seal per index (DB I14).

import { expect, test } from "vitest";
import { oneSeal } from "./i14-one-seal.ts";
import {
  archiveOf,
  hour,
  lineOf,
  makeObserved,
  makePhone,
  makeTree,
  OTHER_SEAL,
  publishedAt,
  SEAL,
  trustedKey,
} from "./testing/make-observed.ts";

const UNDER_OTHER = { content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] } };
const MIXED = makeTree({ archives: [archiveOf(0), archiveOf(1), archiveOf(2, UNDER_OTHER), archiveOf(3)] });

const anew = (n: number, putAt: number) => archiveOf(n, { putAt, sha256Hex: `anew ${n}`, ...UNDER_OTHER });

const replaced = (at: (n: number) => number) => {
  const archives = [0, 1, 2, 3].flatMap((n) => [archiveOf(n, { deletedAt: at(n) }), anew(n, at(n))]);
  return oneSeal.check(makeObserved({ trees: [makeTree({ archives })] }));
};

test("one seal is good, whichever", () => {
  expect(oneSeal.check(makeObserved())).toBeNull();
  const trees = [makeTree({ archives: [0, 1, 2, 3].map((n) => archiveOf(n, UNDER_OTHER)) })];
  expect(oneSeal.check(makeObserved({ trees }))).toBeNull();
});

test("an archive under another seal behind others is found when it is listed", () => {
  expect(oneSeal.check(makeObserved({ trees: [MIXED] }))).toMatchObject({
    at: publishedAt(2),
    where: "client",
    witness: lineOf(2),
  });
});

test("a seal of two signers is another than each of them", () => {
  const both = { content: { infos: [SEAL, OTHER_SEAL], signatures: [SEAL, OTHER_SEAL] } };
  const trees = [makeTree({ archives: [archiveOf(0), archiveOf(1, both), archiveOf(2), archiveOf(3)] })];
  expect(oneSeal.check(makeObserved({ trees }))).toMatchObject({ at: publishedAt(1) });
});

test("where all that read the index trust each seal by itself it may be mixed", () => {
  const both = makePhone({ trustedKeys: [[trustedKey(SEAL)], [trustedKey(OTHER_SEAL)]] });
  expect(oneSeal.check(makeObserved({ trees: [MIXED], phones: [both] }))).toBeNull();
  const phones = [both, makePhone({ name: "old" })];
  expect(oneSeal.check(makeObserved({ trees: [MIXED], phones }))).not.toBeNull();
  const ios = makePhone({ kind: "ios-version-2", trustedKeys: both.trustedKeys });
  expect(oneSeal.check(makeObserved({ trees: [MIXED], phones: [ios] }))).not.toBeNull();
});

test("archives sealed anew in their places are found while only some are", () => {
  expect(replaced(() => hour(20))).toBeNull();
  expect(replaced((n) => hour(20) + n)).toMatchObject({ at: hour(20) });
});
