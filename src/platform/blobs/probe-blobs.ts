// Whether the object store can be read and written now.

import { codeOf } from "../../core/coded-error.ts";
import type { BlobErrorCode, BlobStore } from "./blob-store.ts";

/** Objects under it are nobody's: they are never served. */
export const PROBE_PREFIX = "enks-probe/";

export type BlobProbeFailure = Extract<BlobErrorCode, "blob_storage_full" | "blob_storage_failed">;

/** `name` is this process's own, so that two do not disturb each other. Null: nothing is wrong. */
export async function probeBlobs(blobs: BlobStore, name: string, isWritten: boolean): Promise<BlobProbeFailure | null> {
  const object = PROBE_PREFIX + name;
  try {
    if (isWritten) {
      await blobs.put(object, PROBE, { contentType: "text/plain", cacheControl: "no-store" });
      await blobs.delete(object);
    }
    await blobs.stat(object);
    return null;
  } catch (error) {
    return codeOf(error) === "blob_storage_full" ? "blob_storage_full" : "blob_storage_failed";
  }
}

const PROBE = new TextEncoder().encode("ok\n");
