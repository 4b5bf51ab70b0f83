// What survives a power cut: the names of folders and files that were made are written to the disk before work relies on them.

import { readlinkSync } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { saveProfile } from "../../src/cli/client/profiles.ts";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { makeFolderTree } from "../../src/platform/files/durable-files.ts";
import { openFilesystemEncryptionKeys } from "../../src/platform/keys/filesystem-encryption-keys.ts";
import { openFilesystemSigningKeys } from "../../src/platform/keys/filesystem-signing-keys.ts";

/** Only there a descriptor tells its path. */
describe.skipIf(process.platform !== "linux")("the names in a folder are written when", () => {
  let root = "";
  const synced: string[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "enks-durable-"));
    const handle = await open(root, "r");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the prototype of all handles, which no module exports
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    // oxlint-disable-next-line typescript/unbound-method -- called with its handle below
    const sync = prototype.sync;
    vi.spyOn(prototype, "sync").mockImplementation(function note(this: FileHandle) {
      synced.push(readlinkSync(`/proc/self/fd/${this.fd}`));
      return sync.call(this);
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    synced.splice(0);
    await rm(root, { recursive: true });
  });

  test.each([
    ["objects", openFilesystemBlobs],
    ["signing keys", openFilesystemSigningKeys],
    ["encryption keys", openFilesystemEncryptionKeys],
    ["anything", makeFolderTree],
  ])("the folder for %s is made, with those above it", async (_, make) => {
    await make(join(root, "a", "b", "c"));
    expect(synced).toEqual(expect.arrayContaining([root, join(root, "a"), join(root, "a", "b")]));
  });

  test("the folder is there, since the process that made it may have died before", async () => {
    await makeFolderTree(join(root, "a"));
    synced.splice(0);
    await makeFolderTree(join(root, "a"));
    expect(synced).toEqual([root]);
  });

  test("a profile with the only copy of a token gets its name", async () => {
    const file = join(root, "config", "enks", "profiles.json");
    await saveProfile(file, "mine", { server: "http://127.0.0.1:1", token: "secret" });
    expect(synced.at(-1)).toBe(dirname(file));
    expect(synced).toEqual(expect.arrayContaining([root, join(root, "config")]));
  });
});
