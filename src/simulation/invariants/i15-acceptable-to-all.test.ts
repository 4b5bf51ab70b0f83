// Every listed archive is acceptable to everybody (DB I15).

import { expect, test } from "vitest";
import type { ObservedPhone } from "../observe/observed.ts";
import { acceptableToAll } from "./i15-acceptable-to-all.ts";
import {
  archiveOf,
  checkAt,
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

type Changes = Parameters<typeof archiveOf>[1];

function judge(changes: Changes, phones: readonly ObservedPhone[] = []) {
  const archives = [archiveOf(0), archiveOf(1, changes), archiveOf(2), archiveOf(3)];
  return acceptableToAll.check(makeObserved({ trees: [makeTree({ archives })], phones }));
}

test("a sealed archive is good", () => {
  expect(judge({}, [makePhone({ checks: [checkAt(hour(20))] })])).toBeNull();
});

test.each<[string, Changes]>([
  ["that nobody can read", { content: null }],
  ["without a signature", { content: { infos: [], signatures: [] } }],
  ["that names fewer signers than signed", { content: { signatures: [SEAL, OTHER_SEAL] } }],
  ["whose signature names no version", { content: { signatures: [{ ...SEAL, keyVersion: null }] } }],
  ["of another algorithm", { content: { signatures: [{ ...SEAL, algorithm: "SHA256withECDSA" }] } }],
])("an archive %s is found when it is listed", (_, changes) => {
  expect(judge(changes)).toMatchObject({ at: publishedAt(1), where: "client", witness: lineOf(1) });
});

test("a seal that a phone does not trust is found at its first check, although it had fetched the file before", () => {
  const under = { content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] } };
  expect(judge(under, [makePhone({ checks: [checkAt(hour(7)), checkAt(hour(11))] })])).toMatchObject({
    at: hour(11),
    where: "phone",
    witness: lineOf(1),
  });
});

/** Both seals, the other one from an instant on. */
const phoneTrusting = (from: number) =>
  makePhone({ checks: [checkAt(hour(11))], trustedKeys: [[trustedKey(SEAL)], [trustedKey(OTHER_SEAL, from)]] });

test("what counts is the trust at the time of the check", () => {
  const under = { content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] } };
  expect(judge(under, [phoneTrusting(hour(11))])).toBeNull();
  expect(judge(under, [phoneTrusting(hour(12))])).not.toBeNull();
});

test("a phone that no key has reached yet, and one that verifies nothing, say nothing", () => {
  const checks = [checkAt(hour(11))];
  const under = { content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] } };
  expect(judge(under, [makePhone({ checks, trustedKeys: [] })])).toBeNull();
  expect(judge(under, [makePhone({ checks, kind: "microg-open" })])).toBeNull();
});

test("what a phone refused is found, whatever it looks like, unless its own network was to blame", () => {
  const refused = [{ name: lineOf(0), reason: "signature_mismatch" as const }];
  const check = checkAt(hour(7), { result: "failed", reason: "call_refused", refused });
  expect(judge({}, [makePhone({ checks: [check] })])).toMatchObject({
    at: hour(7),
    where: "phone",
    witness: lineOf(0),
  });
  expect(judge({}, [makePhone({ checks: [{ ...check, disturbed: true }] })])).toBeNull();
});

test("what a system dropped without telling is found", () => {
  const dropped = [{ name: lineOf(0), reason: "signature_mismatch" as const }];
  expect(judge({}, [makePhone({ checks: [checkAt(hour(7), { dropped })] })])).toMatchObject({ at: hour(7) });
});
