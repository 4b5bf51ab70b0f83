// Objects in memory that can be put back to what they were at one instant.

import type { BlobStore } from "../../../src/platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../../src/platform/blobs/memory-blobs.ts";

export function createResettableBlobs(): {
  readonly store: BlobStore;
  /** Answers how to come back to what is there now. */
  note(): Promise<() => Promise<void>>;
} {
  let current = createMemoryBlobs();
  return {
    store: {
      put: (name, bytes, options) => current.put(name, bytes, options),
      get: (name) => current.get(name),
      stat: (name) => current.stat(name),
      read: (name, stat, range) => current.read(name, stat, range),
      delete: (name) => current.delete(name),
      list: (prefix) => current.list(prefix),
    },
    async note() {
      const noted = current;
      const names = await noted.list("");
      const objects = await Promise.all(names.map(async (name) => [name, (await noted.get(name))?.bytes] as const));
      return async () => {
        current = createMemoryBlobs();
        for (const [name, bytes] of objects) {
          if (bytes !== undefined)
            await current.put(name, bytes, { contentType: "", cacheControl: "", ifAbsent: true });
        }
      };
    },
  };
}
