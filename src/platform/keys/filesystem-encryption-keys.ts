// Encryption keys as files of 32 bytes that only their owner can read.

import { type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { chmod, link, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileErrorCode, makeFolderTree, syncFolder, writeNewFile } from "../files/durable-files.ts";
import { encryptionKeyError, encryptionKeyFile } from "./encryption-key-error.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { encryptionKeysOver, SECRET_BYTES, secretOf } from "./encryption-keys-over.ts";

/** Opens (and if need be makes) the folder. A key is the file `<name>.key`; lost with it is what it wrapped. */
export async function openFilesystemEncryptionKeys(folder: string): Promise<EncryptionKeys> {
  await makeFolderTree(folder, 0o700);
  await chmod(folder, 0o700);
  const loaded = new Map<string, KeyObject>();
  return encryptionKeysOver(async (name, isNewAllowed) => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    let bytes = await read(folder, name);
    if (bytes === null && isNewAllowed) {
      await make(folder, name);
      // Read again: another process may have been first.
      bytes = await read(folder, name);
    }
    if (bytes === null) return null;
    const secret = secretOf(bytes);
    if (secret === null) throw encryptionKeyError("encryption_key_unusable", name, "is not 32 bytes long");
    loaded.set(name, secret);
    return secret;
  });
}

async function read(folder: string, name: string): Promise<Uint8Array | null> {
  try {
    return await readFile(join(folder, encryptionKeyFile(name)));
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") return null;
    throw encryptionKeyError("encryption_key_unusable", name, "cannot be read", cause);
  }
}

/** The file appears whole or not at all, and never in the place of another. */
async function make(folder: string, name: string): Promise<void> {
  const unfinished = join(folder, `.${randomUUID()}`);
  try {
    await writeNewFile(unfinished, randomBytes(SECRET_BYTES), { mode: 0o600 });
    await link(unfinished, join(folder, encryptionKeyFile(name)));
    await syncFolder(folder);
  } catch (cause) {
    if (fileErrorCode(cause) !== "EEXIST") {
      throw encryptionKeyError("encryption_key_unusable", name, "cannot be written", cause);
    }
  } finally {
    await rm(unfinished, { force: true });
  }
}
