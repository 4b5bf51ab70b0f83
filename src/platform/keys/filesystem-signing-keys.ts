// Signing keys as PKCS#8 PEM files that only their owner can read.

import { type KeyObject, randomUUID } from "node:crypto";
import { chmod, link, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileErrorCode, makeFolderTree, syncFolder, writeNewFile } from "../files/durable-files.ts";
import {
  generateP256Key,
  isSigningKeyName,
  parseP256PrivateKey,
  privateKeyPem,
  publicKeyPemOf,
  requireSigningKeyName,
  signingKeyError,
} from "./p256-private-key.ts";
import { signBytes } from "./sign-bytes.ts";
import type { SigningKeys } from "./signing-keys.ts";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const ENDING = ".pem";

/** Opens (and if need be makes) the folder. A key is the file `<name>.pem`; it may be put there by hand before its first use. */
export async function openFilesystemSigningKeys(folder: string): Promise<SigningKeys> {
  await makeFolderTree(folder, OWNER_ONLY_FOLDER);
  await chmod(folder, OWNER_ONLY_FOLDER);
  const loaded = new Map<string, KeyObject>();

  async function load(name: string): Promise<KeyObject> {
    requireSigningKeyName(name);
    const privateKey = loaded.get(name) ?? parseP256PrivateKey(name, await readPem(folder, name));
    loaded.set(name, privateKey);
    return privateKey;
  }

  return {
    async create(name) {
      requireSigningKeyName(name);
      await writePem(folder, name, privateKeyPem(await generateP256Key()));
    },
    async put(name, pem) {
      requireSigningKeyName(name);
      await writePem(folder, name, privateKeyPem(parseP256PrivateKey(name, pem)));
    },
    list: () => readNames(folder),
    publicKeyPem: async (name) => publicKeyPemOf(await load(name)),
    sign: async (name, bytes) => signBytes(await load(name), bytes),
  };
}

/** Whatever else lies in the folder is passed over; where the folder is gone, so are all keys. */
async function readNames(folder: string): Promise<string[]> {
  const files = await readFolder(folder);
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  return names.filter(isSigningKeyName).sort();
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") return [];
    throw cause;
  }
}

async function readPem(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name + ENDING), "utf8");
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") throw signingKeyError("signing_key_missing", name, "does not exist");
    throw signingKeyError("signing_key_unusable", name, "cannot be read", { cause });
  }
}

/** The file appears under its name whole or not at all, and never in the place of another. */
async function writePem(folder: string, name: string, pem: string): Promise<void> {
  // A leading dot is no key name, so an unfinished file is never taken for a key.
  const unfinished = join(folder, `.${name}.${randomUUID()}`);
  try {
    await writeNewFile(unfinished, Buffer.from(pem), { mode: OWNER_ONLY_FILE });
    await link(unfinished, join(folder, name + ENDING));
    await syncFolder(folder);
  } catch (cause) {
    if (fileErrorCode(cause) === "EEXIST") throw signingKeyError("signing_key_exists", name, "exists already");
    throw signingKeyError("signing_key_unusable", name, "cannot be written", { cause });
  } finally {
    await rm(unfinished, { force: true });
  }
}
