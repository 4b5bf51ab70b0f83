// The tools from Node: exact inflating within limits, and which public keys are taken.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { nodeArchiveTools } from "./node-tools.ts";
import { parsePublicKey } from "./parse-public-key.ts";

const CONTENT = new TextEncoder().encode("again and again and again and again");

describe("inflating", () => {
  test("gives back what was deflated", async () => {
    const deflated = await nodeArchiveTools.deflate(CONTENT);
    expect(deflated.length).toBeLessThan(CONTENT.length);
    expect(Buffer.from(await nodeArchiveTools.inflate(deflated, CONTENT.length)).equals(CONTENT)).toBe(true);
    expect(await nodeArchiveTools.inflate(await nodeArchiveTools.deflate(new Uint8Array(0)), 0)).toHaveLength(0);
  });

  test("refuses bytes behind the stream", async () => {
    const followed = Buffer.concat([await nodeArchiveTools.deflate(CONTENT), Buffer.of(0)]);
    await expect(nodeArchiveTools.inflate(followed, 100)).rejects.toThrow("follow");
  });

  test("refuses a stream that is cut off, and bytes that are none", async () => {
    const deflated = await nodeArchiveTools.deflate(CONTENT);
    await expect(nodeArchiveTools.inflate(deflated.subarray(0, -1), 100)).rejects.toThrow();
    await expect(nodeArchiveTools.inflate(Buffer.from("<html>"), 100)).rejects.toThrow();
    await expect(nodeArchiveTools.inflate(new Uint8Array(0), 100)).rejects.toThrow();
  });

  test.each([0, 1, CONTENT.length - 1])("refuses more than %i bytes of output", async (maxBytes) => {
    await expect(nodeArchiveTools.inflate(deflateRawSync(CONTENT), maxBytes)).rejects.toThrow();
  });

  test("stops a bomb before it is in memory", async () => {
    const bomb = deflateRawSync(Buffer.alloc(256 * 1024 * 1024), { level: 1 });
    const before = process.memoryUsage().rss;
    await expect(nodeArchiveTools.inflate(bomb, 1024 * 1024)).rejects.toThrow();
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe("deflating", () => {
  const MEBIBYTE = 1024 * 1024;
  /** Half of it is random, as keys are, and half repeats, as their metadata do. */
  const sample = (length: number) =>
    Buffer.alloc(length, "metadata").fill(randomBytes(MEBIBYTE), 0, Math.floor(length / 2));

  test.each([MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE + 7])(
    "%i bytes gives one stream, always the same, that every reader inflates",
    async (length) => {
      const content = sample(length);
      const deflated = await nodeArchiveTools.deflate(content);
      expect(inflateRawSync(deflated).equals(content)).toBe(true);
      expect(Buffer.from(await nodeArchiveTools.inflate(deflated, length)).equals(content)).toBe(true);
      expect(Buffer.from(await nodeArchiveTools.deflate(content)).equals(deflated)).toBe(true);
    },
  );

  test("in segments makes hardly more bytes than at once", async () => {
    const content = sample(4 * MEBIBYTE);
    const atOnce = deflateRawSync(content, { level: 6, memLevel: 9 });
    expect((await nodeArchiveTools.deflate(content)).length).toBeLessThan(atOnce.length * 1.001);
  });
});

describe("public keys", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" });

  test("on P-256 are taken, and normalised", () => {
    expect(parsePublicKey(`\n  ${pem.replaceAll("\n", "\r\n")}\n`, nodeArchiveTools).pem).toBe(pem);
  });

  test.each([
    ["text", "no key"],
    ["two keys", pem + pem],
    ["a private key", privateKey.export({ type: "pkcs8", format: "pem" })],
    ["P-384", generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ type: "spki", format: "pem" })],
    ["Ed25519", generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" })],
    ["a damaged key", pem.replace(/\n.{8}(?=.*\n-----END)/, "\nAAAAAAAA")],
  ])("of another form are refused: %s", (_what, text) => {
    expect(() => parsePublicKey(text, nodeArchiveTools)).toThrow(
      expect.objectContaining({ code: "public_key_invalid" }),
    );
  });

  test("answer false for a signature that is none", () => {
    const parsed = parsePublicKey(pem, nodeArchiveTools);
    expect(nodeArchiveTools.verify(parsed, CONTENT, new Uint8Array(0))).toBe(false);
    expect(nodeArchiveTools.verify(parsed, CONTENT, CONTENT)).toBe(false);
  });
});
