// Objects in memory, under the same contract as all stores: for tests and simulations.

import { requireConditions, versionOf } from "./blob-conditions.ts";
import { invalidBlobName, requireBlobName } from "./blob-name.ts";
import type { BlobReader, BlobStore } from "./blob-store.ts";

export function createMemoryBlobs(): BlobStore {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();

  return {
    async put(name, bytes, options) {
      requireBlobName(name);
      if (clashesWithFolder(name, objects.keys())) throw invalidBlobName(name);
      requireConditions(name, objects.get(name)?.version ?? null, options);
      const version = versionOf(bytes);
      objects.set(name, { bytes: bytes.slice(), version });
      return version;
    },
    async get(name) {
      requireBlobName(name);
      const stored = objects.get(name);
      return stored === undefined ? null : { bytes: stored.bytes.slice(), version: stored.version };
    },
    async stat(name) {
      requireBlobName(name);
      const stored = objects.get(name);
      return stored === undefined ? null : { byteCount: stored.bytes.length, tag: stored.version };
    },
    async read(name, { tag }, { start, end }) {
      requireBlobName(name);
      const stored = objects.get(name);
      return stored?.version === tag ? readerOver(stored.bytes.subarray(start, end)) : null;
    },
    async delete(name) {
      requireBlobName(name);
      objects.delete(name);
    },
    async list(prefix) {
      return [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

function readerOver(bytes: Uint8Array): BlobReader {
  let at = 0;
  return {
    async readInto(into) {
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
    close: async () => undefined,
  };
}

/** On a file system one path cannot be an object and a folder at once, so no store allows it. */
function clashesWithFolder(name: string, others: Iterable<string>): boolean {
  for (const other of others) {
    if (other.startsWith(`${name}/`) || name.startsWith(`${other}/`)) return true;
  }
  return false;
}
