// Archives on Android: the tables DB 2.5 and 2.8, cell by cell, impossible keys (DB 4.1), hostile bytes.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeArchiveTools } from "../archive/node-tools.ts";
import { writeZip } from "../archive/write-zip.ts";
import { androidLenient, androidSingleBatch, androidStrict } from "./android-verifier.ts";
import { iosFirstSignature } from "./ios-verifier.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { makeArchive, makeSigner, type OddArchive } from "./testing/make-archive.ts";
import type { Verifier } from "./verifier.ts";

const signer = makeSigner("310", "v1");
const signed: OddArchive = { signers: [signer] };
const alternatives = [[signer.trusted]];

/** What both Android modes answer, which must agree where only one known signature is there. */
async function judge(...archives: readonly OddArchive[]): Promise<string> {
  const files = await Promise.all(
    archives.map(async (odd, index) => ({ name: String(index), bytes: await makeArchive(odd) })),
  );
  return judgeFiles(files.map((file) => file.bytes));
}

function judgeFiles(archives: readonly Uint8Array[]): string {
  const lenient = verdictOf(androidLenient, archives);
  expect(verdictOf(androidStrict, archives)).toBe(lenient);
  return lenient;
}

function verdictOf(verifier: Verifier, archives: readonly Uint8Array[]): string {
  const files = archives.map((bytes, index) => ({ name: String(index), bytes }));
  const verdict = verifier.judgeCall(files, alternatives, nodePhoneTools);
  return verdict.outcome === "accepted" ? "accepted" : `${verdict.refused.reason} in ${verdict.refused.name}`;
}

describe("DB 2.8, the rest", () => {
  test.each<[string, OddArchive, string]>([
    [
      "entries in the other order",
      {
        ...signed,
        entries: (bin, sig) => [
          { name: "export.sig", bytes: sig },
          { name: "export.bin", bytes: bin },
        ],
      },
      "accepted",
    ],
    ["start = end = 0", { ...signed, start: 0, end: 0 }, "accepted"],
    ["start after end", { ...signed, start: 9, end: 1 }, "accepted"],
    ["any region", { ...signed, region: "any text / at all" }, "accepted"],
    [
      "metadata after keys",
      { ...signed, metadataLast: true, primaries: [{ keyData: new Uint8Array(16) }] },
      "accepted",
    ],
    ["unknown fields", { ...signed, unknownFields: true }, "accepted"],
    ["zero keys", signed, "accepted"],
    ["SHA-512 with a P-256 key", { signers: [{ ...signer, algorithm: "1.2.840.10045.4.3.4" }] }, "accepted"],
    ["algorithm by name", { signers: [{ ...signer, algorithm: "ECDSA" }] }, "algorithm_unsupported in 0"],
    ["another header", { ...signed, header: "EK Export v2    " }, "header_unknown in 0"],
    ["short header", { ...signed, header: "EK Export v1" }, "header_unknown in 0"],
    ["shorter than a header", { ...signed, alter: () => new Uint8Array(5) }, "signature_mismatch in 0"],
    ["more than 1,000,000 parts", { ...signed, batchSize: 1_000_001 }, "batch_size_range in 0"],
  ])("%s", async (_input, odd, verdict) => {
    expect(await judge(odd)).toBe(verdict);
  });

  test.each<[string, OddArchive["entries"]]>([
    ["an extra entry", (bin, sig) => [...pair(bin, sig), { name: "export.json", bytes: bin }]],
    ["an entry in a sub-folder", (bin, sig) => [...pair(bin, sig), { name: "more/export.bin", bytes: bin }]],
    ["a folder entry", (bin, sig) => [{ name: "folder/", bytes: new Uint8Array(0) }, ...pair(bin, sig)]],
    ["a path element ..", (bin, sig) => [...pair(bin, sig), { name: "../export.bin", bytes: bin }]],
    ["both in a sub-folder", (bin, sig) => pair(bin, sig).map((entry) => ({ ...entry, name: `a/${entry.name}` }))],
    ["upper case", (bin, sig) => pair(bin, sig).map((entry) => ({ ...entry, name: entry.name.toUpperCase() }))],
    ["missing export.sig", (bin) => [{ name: "export.bin", bytes: bin }]],
    ["missing export.bin", (_bin, sig) => [{ name: "export.sig", bytes: sig }]],
    ["doubled export.bin", (bin, sig) => [...pair(bin, sig), { name: "export.bin", bytes: bin }]],
    [
      "export.bin twice and no export.sig",
      (bin) => [...pair(bin, bin).slice(0, 1), { name: "export.bin", bytes: bin }],
    ],
  ])("%s is refused", async (_input, entries) => {
    expect(await judge({ ...signed, ...(entries === undefined ? {} : { entries }) })).toBe("zip_entries in 0");
  });

  test.each<[string, Uint8Array, string]>([
    ["an HTML page", new TextEncoder().encode("<html></html>"), "zip_entries in 0"],
    ["an empty body", new Uint8Array(0), "zip_entries in 0"],
  ])("%s is refused", (_input, bytes, verdict) => {
    expect(judgeFiles([bytes])).toBe(verdict);
  });

  test("a zip that ends early is refused", async () => {
    const whole = await makeArchive(signed);
    expect(judgeFiles([whole.subarray(0, 100)])).toBe("zip_damaged in 0");
  });
});

describe("DB 2.5, flag true and flag false (older than 1.5)", () => {
  const part = (batchNum: number, more: Partial<OddArchive> = {}): OddArchive => ({
    ...signed,
    batchNum,
    batchSize: 2,
    ...more,
  });
  const unnumbered: OddArchive = { ...signed, batchNum: null, batchSize: null };
  const otherInfo = [{ ...signer, keyVersion: "v9" }];

  test.each<[string, readonly OddArchive[], whenTrue: string, whenFalse: string]>([
    ["two windows, each 1/1", [signed, { ...signed, end: 3_000 }], "accepted", "batch_mixed in 1"],
    ["the same 1/1 file twice", [signed, signed], "accepted", "batch_mixed in 1"],
    ["no batch fields, one window", [unnumbered, unnumbered], "accepted", "accepted"],
    ["no batch fields, two ends", [unnumbered, { ...unnumbered, end: 3_000 }], "accepted", "batch_mixed in 1"],
    ["no batch fields, two starts", [unnumbered, { ...unnumbered, start: 1 }], "accepted", "batch_mixed in 1"],
    ["1/2 and 2/2", [part(1), part(2)], "accepted", "accepted"],
    ["2/2 and 1/2", [part(2), part(1)], "accepted", "accepted"],
    ["1/2 alone", [part(1)], "batch_incomplete in 0", "batch_incomplete in 0"],
    ["a complete batch beside an incomplete one", [signed, part(1)], "batch_incomplete in 1", "batch_mixed in 1"],
    ["1/2 and 2/2, different end", [part(1), part(2, { end: 3_000 })], "batch_incomplete in 0", "batch_mixed in 1"],
    ["1/2 and 2/2, different region", [part(1), part(2, { region: "YY" })], "batch_incomplete in 0", "accepted"],
    ["1/2 and 2/2, different infos", [part(1), part(2, { infos: otherInfo })], "batch_incomplete in 0", "accepted"],
    ["same part twice", [part(1), part(1)], "batch_incomplete in 0", "batch_mixed in 1"],
    ["size without number", [{ ...signed, batchNum: null }], "batch_number_range in 0", "batch_number_range in 0"],
    ["number 0", [part(0)], "batch_number_range in 0", "batch_number_range in 0"],
    ["number above size", [part(3)], "batch_number_range in 0", "batch_number_range in 0"],
    ["size 0", [{ ...signed, batchSize: 0 }], "batch_number_range in 0", "batch_number_range in 0"],
    ["number without size", [{ ...signed, batchNum: 7, batchSize: null }], "accepted", "accepted"],
  ])("%s", async (_case, archives, whenTrue, whenFalse) => {
    expect(await judge(...archives)).toBe(whenTrue);
    const files = await Promise.all(archives.map(makeArchive));
    expect(verdictOf(androidSingleBatch, files)).toBe(whenFalse);
  });
});

test("DB 2.6: one bad file sinks the call, and it is the one that is named", async () => {
  expect(await judge(signed, { ...signed, header: "something else.." }, signed)).toBe("header_unknown in 1");
});

describe("DB 4.1: a key with an impossible value makes the whole call fail", () => {
  const good = { keyData: new Uint8Array(16), rollingStart: 2_650_000 };
  test.each([
    ["rolling start below 0", { ...good, rollingStart: -1 }],
    ["rolling period 0", { ...good, rollingPeriod: 0 }],
    ["rolling period below 0", { ...good, rollingPeriod: -5 }],
    ["rolling period above 144", { ...good, rollingPeriod: 145 }],
    ["transmission risk 9", { ...good, transmissionRisk: 9 }],
    ["transmission risk below 0", { ...good, transmissionRisk: -1 }],
    ["onset 15", { ...good, daysSinceOnset: 15 }],
    ["onset -15", { ...good, daysSinceOnset: -15 }],
    ["seventeen key bytes", { ...good, keyData: new Uint8Array(17) }],
  ])("%s", async (_value, impossible) => {
    expect(await judge(signed, { ...signed, primaries: [good, impossible] })).toBe("key_values in 1");
    expect(await judge(signed, { ...signed, revised: [impossible] })).toBe("key_values in 1");
  });

  test("a key that is too short never matches and harms nobody", async () => {
    const file = {
      name: "file",
      bytes: await makeArchive({ ...signed, primaries: [good, { keyData: new Uint8Array(15) }] }),
    };
    const verdict = androidLenient.judgeCall([file], alternatives, nodePhoneTools);
    expect(verdict).toMatchObject({ outcome: "accepted", exports: [{ primaries: { length: 1 } }] });
  });
});

test("no change of one byte makes a verifier throw or an Android phone read other keys", async () => {
  const primaries = [{ keyData: new Uint8Array(16).fill(7), rollingStart: 2_650_000, transmissionRisk: 3 }];
  const bytes = await makeArchive({ ...signed, primaries });
  const genuine = androidLenient.judgeCall([{ name: "file", bytes }], alternatives, nodePhoneTools);
  for (let at = 0; at < bytes.length; at++) {
    const file = { name: "file", bytes: bytes.with(at, (bytes[at] ?? 0) ^ 0x55) };
    const verdict = androidLenient.judgeCall([file], alternatives, nodePhoneTools);
    if (verdict.outcome === "accepted") expect(verdict).toEqual(genuine);
    iosFirstSignature.judgeCall([file], alternatives, nodePhoneTools);
  }
});

test("hostile bytes inside a well-formed zip are refused and never throw", async () => {
  const hostile = fc.tuple(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 80 }));
  await fc.assert(
    fc.asyncProperty(hostile, async ([exportBin, exportSig]) => {
      const bytes = await writeZip(pair(exportBin, exportSig), nodeArchiveTools);
      for (const verifier of [androidLenient, androidStrict, iosFirstSignature]) {
        expect(verifier.judgeCall([{ name: "file", bytes }], alternatives, nodePhoneTools).outcome).toBe("refused");
      }
    }),
  );
});

function pair(exportBin: Uint8Array, exportSig: Uint8Array): { name: string; bytes: Uint8Array }[] {
  return [
    { name: "export.bin", bytes: exportBin },
    { name: "export.sig", bytes: exportSig },
  ];
}
