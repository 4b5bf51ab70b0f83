// Opening archives: who is trusted, the order of checks, changed and cut archives.

import { describe, expect, test } from "vitest";
import { outcomesOfChanges } from "../../test/support/change-bytes.ts";
import {
  buildSample,
  makeSigner,
  SAMPLE_WINDOW,
  type SampleSigner,
  sampleKeys,
} from "../../test/support/sample-archives.ts";
import { codeOf } from "../core/coded-error.ts";
import { KeyBatch } from "../core/key-batch.ts";
import {
  type ArchiveSignature,
  type ArchiveTools,
  DEFAULT_LIMITS,
  ECDSA_SHA256,
  type TrustedKey,
  type VerifiedArchive,
} from "./archive-types.ts";
import { encodeExport } from "./encode-export.ts";
import { EXPORT_HEADER } from "./export-fields.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { openArchive } from "./open-archive.ts";
import { readArchive } from "./read-archive.ts";
import { encodeSignatures } from "./signature-list.ts";
import { writeZip } from "./write-zip.ts";

const NOW = SAMPLE_WINDOW.end;
const OURS = makeSigner("999", "v1");
const THEIRS = makeSigner("999", "v1");

function open(bytes: Uint8Array, trustedKeys: readonly TrustedKey[] = [OURS.trustedKey]): Promise<VerifiedArchive> {
  return openArchive(bytes, { trustedKeys, now: NOW }, nodeArchiveTools);
}

async function expectCode(bytes: Uint8Array, code: string, trustedKeys?: readonly TrustedKey[]): Promise<void> {
  await expect(open(bytes, trustedKeys)).rejects.toMatchObject({ name: "CodedError", code });
}

async function signatureOf(
  exportBin: Uint8Array,
  { signer }: SampleSigner,
  info: Partial<ArchiveSignature["info"]> = {},
): Promise<ArchiveSignature> {
  return {
    info: { keyId: signer.keyId, keyVersion: signer.keyVersion, algorithm: ECDSA_SHA256, ...info },
    batchNum: 1,
    batchSize: 1,
    signature: await signer.sign(exportBin),
  };
}

function pack(exportBin: Uint8Array, signatures: readonly ArchiveSignature[] | Uint8Array): Promise<Uint8Array> {
  const list = signatures instanceof Uint8Array ? signatures : encodeSignatures(signatures);
  const entries = [
    { name: "export.bin", bytes: exportBin },
    { name: "export.sig", bytes: list },
  ];
  return writeZip(entries, nodeArchiveTools);
}

const INFO = { keyId: "999", keyVersion: "v1", algorithm: ECDSA_SHA256 };
const EXPORT_BIN = encodeExport({
  ...SAMPLE_WINDOW,
  signatureInfos: [INFO],
  primaries: sampleKeys(1),
  revised: KeyBatch.empty,
});

async function packSigned(message: string): Promise<Uint8Array> {
  const exportBin = Buffer.concat([EXPORT_HEADER, Buffer.from(message.replaceAll(" ", ""), "hex")]);
  return pack(exportBin, [await signatureOf(exportBin, OURS)]);
}

describe("a good archive", () => {
  test("is opened with all that it says", async () => {
    const bytes = await buildSample([OURS]);
    const opened = await open(bytes);
    expect(opened.header).toEqual({ ...SAMPLE_WINDOW, batchNum: 1, batchSize: 1, signatureInfos: [INFO] });
    expect(new Set(Array.from(opened.primaries, (key) => key.keyData.toHex()))).toEqual(
      new Set(Array.from(sampleKeys(4), (key) => key.keyData.toHex())),
    );
    expect(opened.revised.length).toBe(2);
    expect(opened.refused).toEqual([]);
    expect(opened.signedBy).toEqual({ keyId: "999", keyVersion: "v1" });
    expect(opened.signatures.map(({ info }) => info)).toEqual([INFO]);
    expect(opened.digest).toBe((await nodeArchiveTools.sha256(bytes)).toHex());
  });

  test("is read the same without trust", async () => {
    const bytes = await buildSample([OURS]);
    const { content, signatures, digest, exportBin } = await readArchive(bytes, {}, nodeArchiveTools);
    const { signedBy: _signedBy, ...opened } = await open(bytes);
    expect({ ...content, signatures, digest }).toEqual(opened);
    const signature = signatures[0]?.signature ?? new Uint8Array();
    const candidates = [{ publicKey: OURS.trustedKey.publicKey, signature }];
    expect(await nodeArchiveTools.verify(exportBin, candidates)).toEqual([true]);
  });

  test("may leave batch numbers and everything else out", async () => {
    expect((await open(await packSigned(""))).header).toMatchObject({ batchNum: null, batchSize: null, region: "" });
  });

  test("with a key of 15 bytes loses that key alone", async () => {
    const good = "3a12 0a10 00112233445566778899aabbccddeeff";
    const opened = await open(await packSigned(`${good} 3a11 0a0f 112233445566778899aabbccddeeff ${good}`));
    expect(opened.primaries.length).toBe(2);
    expect(opened.refused).toEqual([{ list: "primary", index: 1, reason: "key_length" }]);
  });
});

describe("trust", () => {
  test("an archive without signatures is unsigned", async () => {
    await expectCode(await pack(EXPORT_BIN, []), "archive_unsigned");
  });

  test.each<[string, Partial<ArchiveSignature["info"]>]>([
    ["another id", { keyId: "998" }],
    ["another version", { keyVersion: "v2" }],
    ["no id", { keyId: null }],
    ["no version", { keyVersion: null }],
  ])("a signature with %s is not trusted", async (_what, info) => {
    await expectCode(await pack(EXPORT_BIN, [await signatureOf(EXPORT_BIN, OURS, info)]), "archive_untrusted");
  });

  test("nobody trusted is nobody who verifies", async () => {
    await expectCode(await buildSample([OURS]), "archive_untrusted", []);
  });

  test("an absent version is the empty one", async () => {
    const bytes = await pack(EXPORT_BIN, [await signatureOf(EXPORT_BIN, OURS, { keyVersion: null })]);
    const opened = await open(bytes, [{ ...OURS.trustedKey, keyVersion: "" }]);
    expect(opened.signedBy).toEqual({ keyId: "999", keyVersion: "" });
  });

  test("another key under the trusted name is refused", async () => {
    await expectCode(await buildSample([THEIRS]), "archive_signature_invalid");
  });

  test("a signature over something else is refused", async () => {
    const other = await signatureOf(EXPORT_HEADER, OURS);
    await expectCode(await pack(EXPORT_BIN, [other]), "archive_signature_invalid");
  });

  test("another algorithm is refused, even if the signature is good", async () => {
    const signature = await signatureOf(EXPORT_BIN, OURS, { algorithm: "1.2.840.10045.4.3.4" });
    await expectCode(await pack(EXPORT_BIN, [signature]), "archive_algorithm_unsupported");
    await expectCode(
      await pack(EXPORT_BIN, [{ ...signature, info: { ...signature.info, algorithm: null } }]),
      "archive_algorithm_unsupported",
    );
  });

  test("of two signatures with one name the good one is found, in either order", async () => {
    const good = await signatureOf(EXPORT_BIN, OURS);
    const bad = await signatureOf(EXPORT_BIN, THEIRS);
    for (const signatures of [
      [bad, good],
      [good, bad],
    ]) {
      expect((await open(await pack(EXPORT_BIN, signatures))).signedBy.keyId).toBe("999");
    }
  });

  test("of two trusted keys with one name the good one is found, in either order", async () => {
    const bytes = await buildSample([OURS]);
    for (const trustedKeys of [
      [THEIRS.trustedKey, OURS.trustedKey],
      [OURS.trustedKey, THEIRS.trustedKey],
    ]) {
      expect((await open(bytes, trustedKeys)).signedBy.keyId).toBe("999");
    }
  });

  test("names that nobody trusts are ignored, whatever their algorithm", async () => {
    const stranger = await signatureOf(EXPORT_BIN, makeSigner("stranger", "v9"), { algorithm: "none" });
    const bytes = await pack(EXPORT_BIN, [stranger, await signatureOf(EXPORT_BIN, OURS)]);
    expect((await open(bytes)).signedBy).toEqual({ keyId: "999", keyVersion: "v1" });
  });

  test.each([
    ["not yet", { from: NOW + 1 }, "archive_untrusted"],
    ["from now on", { from: NOW }, "999"],
    ["until now", { until: NOW }, "archive_untrusted"],
    ["until the next second", { until: NOW + 1 }, "999"],
  ])("a key that is trusted %s", async (_when, validity, expected) => {
    const bytes = await buildSample([OURS]);
    const outcome = await open(bytes, [{ ...OURS.trustedKey, ...validity }]).then(
      ({ signedBy }) => signedBy.keyId,
      (error: unknown) => codeOf(error),
    );
    expect(outcome).toBe(expected);
  });
});

/** The tools, and how many signatures they verified and how many bytes they hashed. */
function countingTools() {
  const count = { candidates: 0, hashed: 0, passes: 0 };
  const tools: ArchiveTools = {
    ...nodeArchiveTools,
    sha256(bytes) {
      count.hashed += bytes.length;
      return nodeArchiveTools.sha256(bytes);
    },
    verify(bytes, candidates) {
      count.candidates += candidates.length;
      count.passes++;
      return nodeArchiveTools.verify(bytes, candidates);
    },
  };
  return { count, tools };
}

describe("an archive that means harm costs little", () => {
  test.each([
    ["different made-up signatures", (index: number) => Uint8Array.of(index, 1), 2],
    ["the same made-up signature", () => Uint8Array.of(1), 1],
  ])("of 32 signatures few are tried, and the bytes are gone through once: %s", async (_what, made, tried) => {
    const { count, tools } = countingTools();
    const list = Array.from({ length: 32 }, (_, index) => ({
      info: INFO,
      batchNum: 1,
      batchSize: 1,
      signature: made(index),
    }));
    const options = { trustedKeys: [OURS.trustedKey, OURS.trustedKey], now: NOW };
    await expect(openArchive(await pack(EXPORT_BIN, list), options, tools)).rejects.toMatchObject({
      code: "archive_signature_invalid",
    });
    expect(count).toMatchObject({ candidates: tried, passes: 1 });
  });

  test("a digest that is known is not computed again", async () => {
    const { count, tools } = countingTools();
    const options = { trustedKeys: [OURS.trustedKey], now: NOW, digest: "known" };
    expect((await openArchive(await buildSample([OURS]), options, tools)).digest).toBe("known");
    expect(count.hashed).toBe(0);
  });

  test("keys beyond the limit are refused before any is read", async () => {
    // The first key is damaged, which its reader would say.
    const bytes = await packSigned(`3a02 1a00 ${"3a00".repeat(6)}`);
    const limits = { ...DEFAULT_LIMITS, maxKeys: 6 };
    await expect(
      openArchive(bytes, { trustedKeys: [OURS.trustedKey], now: NOW, limits }, nodeArchiveTools),
    ).rejects.toMatchObject({ code: "archive_too_many_keys" });
  });

  test.each([
    ["a key", "3a"],
    ["a signer", "32"],
    ["a region", "1a"],
  ])("%s of more than 64 KiB is damage, whatever it holds", async (_what, tag) => {
    // A field of two bytes that each of the three passes over or takes as text.
    const message = (length: number, varint: string) => `${tag}${varint}${"7801".repeat(length / 2)}`;
    await expectCode(await packSigned(message(65_538, "828004")), "archive_content_damaged");
    await expect(open(await packSigned(message(65_536, "808004")))).resolves.toBeDefined();
  });
});

describe("the order of checks", () => {
  test("size, zip, header, signature list, signatures, content, batch", async () => {
    const limits = { maxBytes: 10, maxExportBytes: 10, maxSignatureBytes: 10, maxSignatures: 0, maxKeys: 0 };
    const options = { trustedKeys: [], now: NOW, limits };
    const damaged = Buffer.concat([EXPORT_HEADER, Buffer.of(0xff)]);
    await expectCode(new Uint8Array(0), "archive_empty");
    await expect(openArchive(new Uint8Array(11), options, nodeArchiveTools)).rejects.toMatchObject({
      code: "archive_too_large",
    });
    await expectCode(new Uint8Array(11), "archive_not_zip");
    await expectCode(await pack(Buffer.from("EK Export v2    "), Buffer.of(0xff)), "archive_header_invalid");
    await expectCode(await pack(damaged, Buffer.of(0xff)), "archive_signature_list_damaged");
    await expectCode(await pack(damaged, [await signatureOf(damaged, THEIRS)]), "archive_signature_invalid");
    await expectCode(await pack(damaged, [await signatureOf(damaged, OURS)]), "archive_content_damaged");
    await expectCode(await packSigned("2001 2802"), "archive_batch_incomplete");
  });

  test.each(["2002 2802", "2000 2801", "2001 2800", "2802", "20ffffffffffffffffff01 2801"])(
    "a part of several is incomplete: %s",
    async (message) => {
      await expectCode(await packSigned(message), "archive_batch_incomplete");
    },
  );

  test("limits are the caller's", async () => {
    const bytes = await buildSample([OURS, OURS]);
    const sizes = { maxBytes: bytes.length, maxExportBytes: 1_000, maxSignatureBytes: 1_000 };
    const limits = { ...sizes, maxSignatures: 2, maxKeys: 6 };
    const openWithin = (smaller: Partial<typeof limits>) =>
      openArchive(
        bytes,
        { trustedKeys: [OURS.trustedKey], now: NOW, limits: { ...limits, ...smaller } },
        nodeArchiveTools,
      ).then(
        () => "opened",
        (error: unknown) => codeOf(error),
      );
    expect(await openWithin({})).toBe("opened");
    expect(await openWithin({ maxBytes: bytes.length - 1 })).toBe("archive_too_large");
    expect(await openWithin({ maxExportBytes: 100 })).toBe("archive_inflated_too_large");
    expect(await openWithin({ maxSignatureBytes: 100 })).toBe("archive_inflated_too_large");
    expect(await openWithin({ maxSignatures: 1 })).toBe("archive_signature_list_damaged");
    expect(await openWithin({ maxKeys: 5 })).toBe("archive_too_many_keys");
  });
});

test("a power of two added to any byte is refused, or decodes to the same content", async () => {
  const bytes = await pack(EXPORT_BIN, [await signatureOf(EXPORT_BIN, OURS)]);
  const outcomes = await outcomesOfChanges(bytes, [1, 2, 4, 8, 16, 32, 64, 128], (changed) => open(changed));
  expect(outcomes).toContain("opened");
  expect(outcomes).toContain("archive_zip_damaged");
});

test("an archive cut at any byte is refused with a code", async () => {
  const bytes = await buildSample([OURS]);
  for (let length = 0; length < bytes.length; length++) {
    const expected = length === 0 ? "archive_empty" : length < 4 ? "archive_not_zip" : "archive_zip_damaged";
    await expectCode(bytes.subarray(0, length), expected);
  }
});
