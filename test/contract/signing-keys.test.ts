// The contract of signing keys, for every keeper; and what keys in files have to stand besides.

import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../../src/core/coded-error.ts";
import { openFilesystemSigningKeys } from "../../src/platform/keys/filesystem-signing-keys.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import type { SigningKeys } from "../../src/platform/keys/signing-keys.ts";

const root = await mkdtemp(join(tmpdir(), "enks-keys-"));
afterAll(() => rm(root, { recursive: true }));

const message = new TextEncoder().encode("content of an export");
/** The curve by its name, as a file of openssl begins. */
const PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
const codeOfRejection = (promise: Promise<unknown>) => promise.then(() => "resolved", codeOf);

describe.each([
  { kind: "filesystem", open: async () => openFilesystemSigningKeys(await mkdtemp(join(root, "keys-"))) },
  { kind: "memory", open: async () => createMemorySigningKeys() },
])("$kind signing keys", ({ open }) => {
  let keys: SigningKeys;
  beforeEach(async () => {
    keys = await open();
  });

  test("sign bytes so that the public key verifies them", async () => {
    await keys.create("seal-2026.v1");
    const publicKey = createPublicKey(await keys.publicKeyPem("seal-2026.v1"));
    expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(verify("sha256", message, publicKey, await keys.sign("seal-2026.v1", message))).toBe(true);
  });

  test.each([
    ["PKCS#8", (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" })],
    ["SEC1", (key: KeyObject) => key.export({ type: "sec1", format: "pem" })],
    [
      "SEC1 behind its parameters, as openssl ecparam writes it",
      (key: KeyObject) => PARAMETERS + key.export({ type: "sec1", format: "pem" }),
    ],
  ])("take a key of another program as %s", async (_form, write) => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await keys.put("theirs", write(privateKey));
    expect(await keys.publicKeyPem("theirs")).toBe(publicKey.export({ type: "spki", format: "pem" }));
    expect(verify("sha256", message, publicKey, await keys.sign("theirs", message))).toBe(true);
    expect(await codeOfRejection(keys.put("theirs", write(privateKey)))).toBe("signing_key_exists");
  });

  test.each([
    [
      "of another curve",
      () => generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "pkcs8", format: "pem" }),
    ],
    ["of another kind", () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" })],
    [
      "that is encrypted",
      () =>
        generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
          type: "pkcs8",
          format: "pem",
          cipher: "aes-256-cbc",
          passphrase: "x",
        }),
    ],
    [
      "that is a public key",
      () => generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }),
    ],
    ["that is none", () => "no key"],
  ])("take no key %s", async (_what, write) => {
    expect(await codeOfRejection(keys.put("theirs", write()))).toBe("signing_key_unusable");
    expect(await keys.list()).toEqual([]);
  });

  test("differ from name to name", async () => {
    await keys.create("a");
    await keys.create("b");
    expect(await keys.publicKeyPem("a")).not.toBe(await keys.publicKeyPem("b"));
    const publicKey = createPublicKey(await keys.publicKeyPem("a"));
    expect(verify("sha256", message, publicKey, await keys.sign("b", message))).toBe(false);
  });

  test("are listed by name, none twice and none that was never made", async () => {
    expect(await keys.list()).toEqual([]);
    for (const name of ["seal", "b", "a", "B", "a.pem", "a-1"]) await keys.create(name);
    await codeOfRejection(keys.create("seal"));
    await codeOfRejection(keys.create("../seal"));
    expect(await keys.list()).toEqual(["B", "a", "a-1", "a.pem", "b", "seal"]);
  });

  test("never replace a key, however many create it at once", async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => codeOfRejection(keys.create("seal"))));
    expect(results.filter((result) => result === "resolved")).toHaveLength(1);
    expect(results.filter((result) => result === "signing_key_exists")).toHaveLength(7);
    const before = await keys.publicKeyPem("seal");
    expect(await codeOfRejection(keys.create("seal"))).toBe("signing_key_exists");
    expect(await keys.publicKeyPem("seal")).toBe(before);
  });

  test("that do not exist are missing", async () => {
    expect(await codeOfRejection(keys.publicKeyPem("none"))).toBe("signing_key_missing");
    expect(await codeOfRejection(keys.sign("none", message))).toBe("signing_key_missing");
  });

  test.each(["", ".", "..", "../a", "a/b", "a\\b", ".hidden", "a\0", "a b", "ä", "x".repeat(101)])(
    "cannot be named %j",
    async (name) => {
      expect(await codeOfRejection(keys.create(name))).toBe("signing_key_name_invalid");
      expect(await codeOfRejection(keys.publicKeyPem(name))).toBe("signing_key_name_invalid");
      expect(await codeOfRejection(keys.sign(name, message))).toBe("signing_key_name_invalid");
    },
  );
});

describe("keys in files", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(root, "keys-")), "new", "keys");
  });

  test("are PKCS#8, for their owner's eyes only, and nothing else is in the folder", async () => {
    const keys = await openFilesystemSigningKeys(folder);
    await keys.create("seal");
    await codeOfRejection(keys.create("seal"));
    expect(await readdir(folder)).toEqual(["seal.pem"]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "seal.pem"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, "seal.pem"), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  test("are there again after a restart, for another opener at once", async () => {
    const first = await openFilesystemSigningKeys(folder);
    const second = await openFilesystemSigningKeys(folder);
    expect(await codeOfRejection(second.publicKeyPem("seal"))).toBe("signing_key_missing");
    await first.create("seal");
    expect(await second.publicKeyPem("seal")).toBe(await first.publicKeyPem("seal"));
  });

  test("are listed whatever else lies in the folder, unusable ones too", async () => {
    const keys = await openFilesystemSigningKeys(folder);
    await keys.create("seal");
    for (const file of ["damaged.pem", "notes.txt", ".seal.0b1e", ".pem", "a b.pem"]) {
      await writeFile(join(folder, file), "no key");
    }
    expect(await keys.list()).toEqual(["damaged", "seal"]);
  });

  test("can be put there by hand, in SEC1 as well", async () => {
    const keys = await openFilesystemSigningKeys(folder);
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await writeFile(join(folder, "own.pem"), privateKey.export({ type: "sec1", format: "pem" }));
    expect(verify("sha256", message, publicKey, await keys.sign("own", message))).toBe(true);
  });

  test("that are damaged or of another kind are unusable, and the message does not show them", async () => {
    const keys = await openFilesystemSigningKeys(folder);
    const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "pkcs8", format: "pem" });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    });
    for (const [name, content] of Object.entries({ p384, rsa, empty: "", text: "secret text" })) {
      await writeFile(join(folder, `${name}.pem`), content);
      await expect(keys.sign(name, message)).rejects.toMatchObject({
        code: "signing_key_unusable",
        message: expect.not.stringContaining("secret"),
      });
    }
  });
});
