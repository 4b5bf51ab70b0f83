// Archives on microG: success first, then every archive on its own (DB 2.10).

import { describe, expect, test } from "vitest";
import { microgOpen, microgPinned } from "./microg-verifier.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { makeArchive, makeSigner, type OddArchive } from "./testing/make-archive.ts";
import type { CosignSet, OfferedFile, Verifier } from "./verifier.ts";

const oldKey = makeSigner("310", "v1");
const newKey = makeSigner("310", "v2");
const OLD: CosignSet[] = [[oldKey.trusted]];

async function dropsOf(verifier: Verifier, alternatives: CosignSet[], ...archives: OddArchive[]): Promise<string[]> {
  const files = await Promise.all(
    archives.map(async (odd, at) => ({ name: String(at), bytes: await makeArchive(odd) })),
  );
  return dropsOfFiles(verifier, alternatives, files);
}

function dropsOfFiles(verifier: Verifier, alternatives: CosignSet[], files: readonly OfferedFile[]): string[] {
  const verdict = verifier.judgeCall(files, alternatives, nodePhoneTools);
  if (verdict.outcome === "refused") throw new Error("microG never refuses a call");
  expect(verdict.exports.length + verdict.dropped.length).toBe(files.length);
  return verdict.dropped.map(({ name, reason }) => `${reason} in ${name}`);
}

describe("DB 2.10, a pinned key", () => {
  test.each<[string, OddArchive, string[]]>([
    ["O", { signers: [oldKey] }, []],
    ["N", { signers: [newKey] }, ["signature_mismatch in 0"]],
    ["ON", { signers: [oldKey, newKey] }, ["signature_mismatch in 0"]],
    ["NO", { signers: [newKey, oldKey] }, ["signature_mismatch in 0"]],
    ["O twice", { signers: [oldKey, oldKey] }, []],
    ["O under any name", { signers: [{ ...oldKey, keyId: null, keyVersion: null }] }, []],
    ["another number of infos", { signers: [oldKey], infos: [] }, []],
    ["unsigned", { signers: [] }, ["unsigned in 0"]],
    ["a key of impossible values", { signers: [oldKey], primaries: [{ rollingPeriod: 0 }] }, ["key_values in 0"]],
  ])("%s", async (_archive, odd, dropped) => {
    expect(await dropsOf(microgPinned, OLD, odd)).toEqual(dropped);
  });

  test("a bad archive costs itself alone, and the app hears of success", async () => {
    const dropped = await dropsOf(
      microgPinned,
      OLD,
      { signers: [oldKey] },
      { signers: [newKey] },
      { signers: [oldKey] },
    );
    expect(dropped).toEqual(["signature_mismatch in 1"]);
  });

  test("the latest key in force is the pinned one", async () => {
    expect(await dropsOf(microgPinned, [...OLD, [newKey.trusted]], { signers: [newKey] })).toEqual([]);
  });

  test("without a key everything is dropped", async () => {
    expect(await dropsOf(microgPinned, [], { signers: [oldKey] })).toEqual(["public_key_missing in 0"]);
  });
});

describe("DB 2.10, no pinned key: nothing is verified", () => {
  test.each<[string, OddArchive]>([
    ["N", { signers: [newKey] }],
    ["unsigned", { signers: [] }],
    ["altered", { signers: [oldKey], region: "XX", alter: (bin) => bin.with(20, 7) }],
    ["without export.sig", { signers: [oldKey], entries: (bin) => [{ name: "export.bin", bytes: bin }] }],
  ])("%s", async (_archive, odd) => {
    expect(await dropsOf(microgOpen, OLD, odd)).toEqual([]);
  });

  test.each([
    ["an HTML page", "<html></html>", "zip_entries in page"],
    ["an empty body", "", "zip_entries in page"],
  ])("%s is dropped", (_body, text, drop) => {
    const file = { name: "page", bytes: new TextEncoder().encode(text) };
    expect(dropsOfFiles(microgOpen, OLD, [file])).toEqual([drop]);
    expect(dropsOfFiles(microgPinned, OLD, [file])).toEqual([drop]);
  });
});
