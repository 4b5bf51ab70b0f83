// Archives on iOS: the table DB 3.2, cell by cell, and the keys of DB 4.2.

import { sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encodeSignatures } from "../archive/signature-list.ts";
import { iosFirstSignature } from "./ios-verifier.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { makeArchive, makeSigner, type OddArchive } from "./testing/make-archive.ts";
import type { CosignSet } from "./verifier.ts";

const oldKey = makeSigner("310", "v1");
const newKey = makeSigner("310", "v2");
const OLD: CosignSet[] = [[oldKey.trusted]];
const NEW: CosignSet[] = [[newKey.trusted]];

async function judge(odd: OddArchive, alternatives: CosignSet[]): Promise<string> {
  const files = [{ name: "file", bytes: await makeArchive(odd) }];
  const verdict = iosFirstSignature.judgeCall(files, alternatives, nodePhoneTools);
  return verdict.outcome === "accepted" ? "accepted" : verdict.refused.reason;
}

describe("DB 3.2, iOS with the old key and with the new key", () => {
  test.each<[string, OddArchive, string, string]>([
    ["O", { signers: [oldKey] }, "accepted", "signature_mismatch"],
    ["N", { signers: [newKey] }, "signature_mismatch", "accepted"],
    ["ON", { signers: [oldKey, newKey] }, "accepted", "signature_mismatch"],
    ["NO", { signers: [newKey, oldKey] }, "signature_mismatch", "accepted"],
    [
      "new key, version label unchanged",
      { signers: [{ ...newKey, keyVersion: "v1" }] },
      "signature_mismatch",
      "accepted",
    ],
    [
      "signature without version",
      { signers: [{ ...oldKey, keyVersion: null }] },
      "signature_version_missing",
      "signature_version_missing",
    ],
    ["unsigned", { signers: [] }, "unsigned", "unsigned"],
  ])("%s", async (_archive, odd, withOld, withNew) => {
    expect([await judge(odd, OLD), await judge(odd, NEW)]).toEqual([withOld, withNew]);
  });
});

describe("DB 3.2, what is not looked at and what is", () => {
  test.each<[string, OddArchive]>([
    ["a second signature", { signers: [oldKey, { ...newKey, keyVersion: null }] }],
    ["the key id, absent", { signers: [{ ...oldKey, keyId: null }] }],
    ["the key id, another", { signers: [{ ...oldKey, keyId: "999" }] }],
    ["the key version, another", { signers: [{ ...oldKey, keyVersion: "v9" }] }],
    ["the algorithm field", { signers: [{ ...oldKey, algorithm: "anything" }] }],
    ["how many infos the bin has", { signers: [oldKey], infos: [] }],
    ["batch number and size", { signers: [oldKey], batchNum: 3, batchSize: 2 }],
    ["the window", { signers: [oldKey], start: 9, end: 0 }],
    ["the region", { signers: [oldKey], region: "any text / at all" }],
    ["where the metadata stand", { signers: [oldKey], metadataLast: true }],
  ])("%s", async (_point, odd) => {
    expect(await judge(odd, OLD)).toBe("accepted");
  });

  test("SHA-512 is not tried, whatever the algorithm field says", async () => {
    expect(await judge({ signers: [{ ...oldKey, algorithm: "1.2.840.10045.4.3.4" }] }, OLD)).toBe("signature_mismatch");
  });

  test("a malformed key message refuses the file", async () => {
    const exportBin = Buffer.concat([Buffer.from("EK Export v1    "), Buffer.from([0x3a, 3, 0x0a, 16, 1])]);
    const signature = {
      info: oldKey,
      batchNum: 1,
      batchSize: 1,
      signature: sign("sha256", exportBin, oldKey.privateKey),
    };
    const entries = () => [
      { name: "export.bin", bytes: exportBin },
      { name: "export.sig", bytes: encodeSignatures([signature]) },
    ];
    expect(await judge({ signers: [oldKey], entries }, OLD)).toBe("export_damaged");
  });

  test("another header is refused", async () => {
    expect(await judge({ signers: [oldKey], header: "EK Export v2    " }, OLD)).toBe("header_unknown");
  });
});

test("of several keys the latest one is the configured one", async () => {
  expect(await judge({ signers: [newKey] }, [...OLD, ...NEW])).toBe("accepted");
  expect(await judge({ signers: [oldKey] }, [...OLD, ...NEW])).toBe("signature_mismatch");
  expect(await judge({ signers: [oldKey] }, [])).toBe("public_key_missing");
});

test("DB 4.2: a period of 0 counts as 144, keys of impossible values are left out and harm nobody", async () => {
  const good = { keyData: new Uint8Array(16), rollingStart: 2_650_000 };
  const primaries = [
    { ...good, rollingPeriod: 0 },
    { ...good, rollingPeriod: 145 },
    { ...good, rollingPeriod: -1 },
    { ...good, rollingStart: -1 },
    { ...good, transmissionRisk: 9 },
    { ...good, daysSinceOnset: -15 },
    { ...good, keyData: new Uint8Array(17) },
  ];
  const file = { name: "file", bytes: await makeArchive({ signers: [oldKey], primaries }) };
  const verdict = iosFirstSignature.judgeCall([file], OLD, nodePhoneTools);
  const kept = verdict.outcome === "accepted" ? verdict.exports.flatMap((content) => [...content.primaries]) : [];
  expect(kept).toMatchObject([{ rollingPeriod: 144 }]);
});
