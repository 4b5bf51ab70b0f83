// The tools from Node: exact inflating within limits, and which public keys are taken.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
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

describe("what takes long", () => {
  const trusted = parsePublicKey(
    generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }),
    nodeArchiveTools,
  );
  const content = randomBytes(8 * 1024 * 1024 + 3);
  const candidates = [1, 2].map((byte) => ({ publicKey: trusted, signature: Uint8Array.of(byte) }));

  test.each([
    ["hashing", () => nodeArchiveTools.sha256(content), createHash("sha256").update(content).digest()],
    ["the checksum", () => nodeArchiveTools.crc32(content), crc32(content)],
    ["verifying", () => nodeArchiveTools.verify(content, candidates), [false, false]],
  ])("lets others work after each mebibyte: %s", async (_what, act, expected) => {
    let [turns, isOver] = [0, false];
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    turn();
    expect(await act()).toEqual(expected);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(8);
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

  test("tell the signature that is theirs from those that are none", async () => {
    const parsed = parsePublicKey(pem, nodeArchiveTools);
    const good = sign("sha256", CONTENT, privateKey);
    const candidates = [new Uint8Array(0), good, CONTENT].map((signature) => ({ publicKey: parsed, signature }));
    expect(await nodeArchiveTools.verify(CONTENT, candidates)).toEqual([false, true, false]);
    expect(await nodeArchiveTools.verify(CONTENT.subarray(1), candidates)).toEqual([false, false, false]);
    expect(await nodeArchiveTools.verify(CONTENT, [])).toEqual([]);
  });
});
