// Encryption keys whose names are paths, as key management services have them, are one file each.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFilesystemEncryptionKeys } from "./filesystem-encryption-keys.ts";

test("a name with slashes makes no folders, and is another key than the one without", async () => {
  const folder = await mkdtemp(join(tmpdir(), "enks-encryption-"));
  const name = "projects/p/locations/global/keyRings/r/cryptoKeys/revision-tokens";
  const keys = await openFilesystemEncryptionKeys(folder);
  const sealed = await keys.encrypt(name, Buffer.from("secret"), "test");
  await keys.encrypt(name.replaceAll("/", "-"), Buffer.from("secret"), "test");
  expect(await readdir(folder)).toHaveLength(2);
  const opened = await openFilesystemEncryptionKeys(folder);
  expect(Buffer.from(await opened.decrypt(name, sealed, "test")).toString()).toBe("secret");
  await expect(opened.encrypt("../outside", Buffer.from("x"), "test")).rejects.toMatchObject({
    code: "encryption_key_unusable",
  });
  await rm(folder, { recursive: true });
});
