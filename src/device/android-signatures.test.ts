// Signatures on Android: the decision table DB 2.7, cell by cell, and the reasons of DB 2.4.

import { describe, expect, test } from "vitest";
import { androidLenient, androidStrict } from "./android-verifier.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { makeArchive, makeSigner, type OddArchive, type TestSigner } from "./testing/make-archive.ts";
import type { CosignSet, Verifier } from "./verifier.ts";

const oldKey = makeSigner("310", "v1");
const newKey = makeSigner("310", "v2");
const unknown = makeSigner("999", "v1");
const wrongKeyOldName = makeSigner("310", "v1");
const newKeyOldName: TestSigner = {
  ...newKey,
  keyVersion: "v1",
  trusted: { ...newKey.trusted, keyVersion: "v1" },
};

const OLD: CosignSet[] = [[oldKey.trusted]];
const NEW: CosignSet[] = [[newKey.trusted]];
const BOTH: CosignSet[] = [[oldKey.trusted], [newKey.trusted]];

/** A or R for every order of the alternatives, which must not matter. */
async function judge(verifier: Verifier, alternatives: CosignSet[], archives: readonly OddArchive[]): Promise<string> {
  const files = await Promise.all(
    archives.map(async (odd, index) => ({ name: String(index), bytes: await makeArchive(odd) })),
  );
  const verdicts = [alternatives, alternatives.toReversed()].map((order) =>
    verifier.judgeCall(files, order, nodePhoneTools).outcome === "accepted" ? "A" : "R",
  );
  expect(verdicts[1]).toBe(verdicts[0]);
  return verdicts[0] ?? "";
}

async function judgeAll(archives: readonly OddArchive[]): Promise<string> {
  const cells: string[] = [];
  for (const verifier of [androidLenient, androidStrict]) {
    for (const alternatives of [OLD, NEW, BOTH]) cells.push(await judge(verifier, alternatives, archives));
  }
  return cells.join(" ");
}

function without(signer: TestSigner, ...fields: ("keyId" | "keyVersion")[]): TestSigner {
  return { ...signer, ...Object.fromEntries(fields.map((field) => [field, null])) };
}

const O: OddArchive = { signers: [oldKey] };
const N: OddArchive = { signers: [newKey] };
const ON: OddArchive = { signers: [oldKey, newKey] };
const NO: OddArchive = { signers: [newKey, oldKey] };
const alterLastByte = (exportBin: Uint8Array): Uint8Array =>
  exportBin.map((byte, at) => (at === exportBin.length - 1 ? byte ^ 1 : byte));

describe("DB 2.7: lenient OLD, NEW, BOTH, strict OLD, NEW, BOTH", () => {
  test.each<[string, readonly OddArchive[], string]>([
    ["O", [O], "A R A A R A"],
    ["N", [N], "R A A R A A"],
    ["ON", [ON], "A A A R R R"],
    ["NO", [NO], "A A A R R R"],
    ["O and an unknown signer", [{ signers: [oldKey, unknown] }], "A R A R R R"],
    ["an unknown signer and O", [{ signers: [unknown, oldKey] }], "A R A R R R"],
    ["O, N and unknown", [{ signers: [oldKey, newKey, unknown] }], "A A A R R R"],
    ["both, the old-named one by a wrong key", [{ signers: [wrongKeyOldName, newKey] }], "R A A R R R"],
    ["both, second without id", [{ signers: [oldKey, without(newKey, "keyId")] }], "R R R R R R"],
    ["old key, no id at all", [{ signers: [without(oldKey, "keyId")] }], "A R A A R A"],
    ["old key, neither id nor version", [{ signers: [without(oldKey, "keyId", "keyVersion")] }], "A R A A R A"],
    ["old key, id without version", [{ signers: [without(oldKey, "keyVersion")] }], "R R R R R R"],
    ["two signatures of one name", [{ signers: [oldKey, newKeyOldName] }], "R R R R R R"],
    ["infos 1, signatures 2", [{ ...ON, infos: [oldKey] }], "R R R R R R"],
    ["infos 2, signatures 1", [{ ...O, infos: [oldKey, newKey] }], "R R R R R R"],
    ["infos 0", [{ ...O, infos: [] }], "R R R R R R"],
    ["bin names N, signed by O alone", [{ ...O, infos: [newKey] }], "A R A A R A"],
    ["bin altered after signing", [{ ...O, alter: alterLastByte }], "R R R R R R"],
    ["call of [O file, N file]", [O, N], "R R A R R A"],
    ["call of [ON file, N file]", [ON, N], "R A A R R R"],
  ])("%s", async (_archive, archives, cells) => {
    expect(await judgeAll(archives)).toBe(cells);
  });

  test("new key under the old name, the phone has both keys under that name", async () => {
    const bothUnderOneName: CosignSet[] = [[oldKey.trusted], [newKeyOldName.trusted]];
    expect(await judge(androidLenient, bothUnderOneName, [{ signers: [newKeyOldName] }])).toBe("A");
    expect(await judge(androidStrict, bothUnderOneName, [{ signers: [newKeyOldName] }])).toBe("A");
  });
});

describe("DB 2.7, further configurations", () => {
  const cosigned: CosignSet = [oldKey.trusted, newKey.trusted];

  test.each([
    ["lenient", androidLenient],
    ["strict", androidStrict],
  ])("%s: a cosign alternative alone accepts only ON and NO", async (_mode, verifier) => {
    const cells = await Promise.all([O, N, ON, NO].map((archive) => judge(verifier, [cosigned], [archive])));
    expect(cells.join(" ")).toBe("R R A A");
  });

  test.each([
    ["lenient", androidLenient],
    ["strict", androidStrict],
  ])("%s: old | new | old AND new accepts O, N, ON and NO, also in one call", async (_mode, verifier) => {
    const list = [...BOTH, cosigned];
    const calls = [[O], [N], [ON], [NO], [O, N, ON, NO]];
    expect((await Promise.all(calls.map((call) => judge(verifier, list, call)))).join(" ")).toBe("A A A A A");
  });

  test.each([
    ["lenient", androidLenient],
    ["strict", androidStrict],
  ])("%s: a signature without id does not satisfy a cosign alternative", async (_mode, verifier) => {
    expect(await judge(verifier, [cosigned], [{ signers: [without(oldKey, "keyId")] }])).toBe("R");
  });
});

async function reasonFor(odd: OddArchive, alternatives: CosignSet[]): Promise<string> {
  const files = [{ name: "file", bytes: await makeArchive(odd) }];
  const verdict = androidLenient.judgeCall(files, alternatives, nodePhoneTools);
  return verdict.outcome === "refused" ? verdict.refused.reason : "accepted";
}

describe("DB 2.4, the reasons", () => {
  test.each<[string, OddArchive, CosignSet[]]>([
    ["public_key_missing", O, []],
    ["unsigned", { signers: [] }, OLD],
    ["signature_id_missing", { signers: [oldKey, without(newKey, "keyId")] }, OLD],
    ["signature_mismatch", N, OLD],
    ["info_count", { ...O, infos: [] }, OLD],
    ["algorithm_unsupported", { signers: [{ ...oldKey, algorithm: "SHA256withECDSA" }] }, OLD],
    ["algorithm_unsupported", { signers: [{ ...oldKey, algorithm: null }] }, OLD],
  ])("%s", async (reason, odd, alternatives) => {
    expect(await reasonFor(odd, alternatives)).toBe(reason);
  });

  test("an unknown algorithm does not matter to an alternative of more keys than there are signatures", async () => {
    const signers = [{ ...oldKey, algorithm: "SHA256withECDSA" }];
    expect(await reasonFor({ signers }, [[oldKey.trusted, newKey.trusted]])).toBe("signature_mismatch");
  });

  test("an unknown algorithm on an unmatched signature does not matter", async () => {
    expect(await reasonFor({ signers: [oldKey, { ...unknown, algorithm: "SHA256withECDSA" }] }, OLD)).toBe("accepted");
  });

  test("an unknown algorithm on a matched signature aborts, although another alternative is satisfied", async () => {
    const signers = [oldKey, { ...newKey, algorithm: "SHA256withECDSA" }];
    expect(await reasonFor({ signers }, BOTH)).toBe("algorithm_unsupported");
  });
});
