// Building archives: what goes in comes out, signed by everyone who was asked.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyKeyBatch, buildSample, makeSigner, SAMPLE_WINDOW, sampleKeys } from "../../test/support/sample-archives.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { buildArchive } from "./build-archive.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { openArchive } from "./open-archive.ts";
import { orderKeys } from "./order-keys.ts";
import { readArchive } from "./read-archive.ts";

const FIRST = makeSigner("999", "v1");
const SECOND = makeSigner("org.example.national", "v7");

test("what is built is opened again with every key unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(anyKeyBatch, anyKeyBatch, async (primaries, revised) => {
      const bytes = await buildSample([FIRST], { primaries, revised });
      const opened = await openArchive(bytes, { trustedKeys: [FIRST.trustedKey], now: 0 }, nodeArchiveTools);
      expect([...opened.primaries]).toEqual([...orderKeys(primaries)]);
      expect([...opened.revised]).toEqual([...orderKeys(revised)]);
    }),
  );
});

test("every signer is named in the content and signs it, in the given order", async () => {
  const bytes = await buildSample([SECOND, FIRST]);
  for (const { trustedKey } of [FIRST, SECOND]) {
    const opened = await openArchive(bytes, { trustedKeys: [trustedKey], now: 0 }, nodeArchiveTools);
    expect(opened.header.signatureInfos.map(({ keyId }) => keyId)).toEqual(["org.example.national", "999"]);
    expect(opened.signatures.map(({ info }) => info)).toEqual(opened.header.signatureInfos);
    expect(opened.signedBy.keyId).toBe(trustedKey.keyId);
  }
});

test("the order of the input does not show", async () => {
  const backwards = KeyBatch.from([...sampleKeys(4)].reverse());
  expect(await contentOf(await buildSample([FIRST], { primaries: backwards }))).toEqual(
    await contentOf(await buildSample([FIRST])),
  );
});

test("the digest is that of the bytes", async () => {
  const input = { ...SAMPLE_WINDOW, primaries: sampleKeys(4), revised: KeyBatch.empty, signers: [FIRST.signer] };
  const { bytes, digest } = await buildArchive(input, nodeArchiveTools);
  expect(digest).toBe((await nodeArchiveTools.sha256(bytes)).toHex());
});

test("without a signer nothing is built", async () => {
  await expect(buildSample([])).rejects.toMatchObject({ code: "archive_unsigned" });
});

test.each([
  [100, 100],
  [101, 100],
  [-1, 100],
  [0.5, 100],
  [0, 253_402_300_800],
  [0, Number.NaN],
])("from %d to %d is no window", async (start, end) => {
  await expect(buildSample([FIRST], { start, end })).rejects.toMatchObject({ code: "archive_header_invalid" });
});

test("a signer that fails is not hidden", async () => {
  const failing = { ...FIRST, signer: { ...FIRST.signer, sign: () => Promise.reject(new Error("no access")) } };
  await expect(buildSample([FIRST, failing])).rejects.toThrow("no access");
});

async function contentOf(bytes: Uint8Array): Promise<Uint8Array> {
  return (await readArchive(bytes, {}, nodeArchiveTools)).exportBin;
}
