// No secret lies where the public listener reads, wherever links lead.

import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keepSecretsApart } from "./keep-secrets-apart.ts";

const root = await mkdtemp(join(tmpdir(), "enks-apart-"));
afterAll(() => rm(root, { recursive: true }));
for (const name of ["data/objects/keys", "data/keys", "elsewhere", "data/objects-too"]) {
  await mkdir(join(root, name), { recursive: true });
}
await symlink(join(root, "data/objects/keys"), join(root, "link-inside"));
await symlink(join(root, "data"), join(root, "link-around"));

const store = (name: string) => ({ kind: "filesystem" as const, folder: join(root, name) });

function configOf(objects: string, signingKeys: string, encryptionKeys: string) {
  return { blobs: store(objects), signingKeys: store(signingKeys), encryptionKeys: store(encryptionKeys) };
}

test.each([
  ["the same folder", "data/objects", "data/objects", "data/keys"],
  ["below the objects", "data/objects", "data/keys", "data/objects/keys"],
  ["around the objects", "data/objects", "data", "elsewhere"],
  ["below them through a link", "data/objects", "link-inside", "data/keys"],
  ["around them through a link", "data/objects", "data/keys", "link-around"],
])("refuses secrets in %s", async (_where, objects, signingKeys, encryptionKeys) => {
  await expect(keepSecretsApart(configOf(objects, signingKeys, encryptionKeys))).rejects.toMatchObject({
    code: "secrets_beside_objects",
  });
});

test("takes folders beside each other, and keys in memory", async () => {
  await keepSecretsApart(configOf("data/objects", "data/keys", "data/objects-too"));
  await keepSecretsApart({ ...configOf("data", "data/keys", "data"), blobs: { kind: "memory" } });
  await keepSecretsApart({
    ...configOf("data", "elsewhere", "data"),
    signingKeys: { kind: "memory" },
    encryptionKeys: { kind: "memory" },
  });
});
