// Object storage that fails as planned.

import { CodedError } from "../../core/coded-error.ts";
import type { BlobErrorCode, BlobStore } from "../../platform/blobs/blob-store.ts";
import type { EffectFaultKind, Operation } from "./fault.ts";
import type { ProcessLife } from "./process-life.ts";

/** Asks what strikes at an effect of the process. */
export type Meet = (operation: Operation) => EffectFaultKind | null;

export function faultyBlobs(inner: BlobStore, meet: Meet, life: ProcessLife): BlobStore {
  async function change<Answer>(operation: Operation, effect: () => Promise<Answer>): Promise<Answer> {
    life.require();
    const fault = meet(operation);
    // A store syncs before it lets readers see an object: without power they never did.
    if (fault === "dies-before" || fault === "power-lost") life.die();
    if (fault === "storage-fails") throw failure("blob_storage_failed");
    if (fault === "storage-full") throw failure("blob_storage_full");
    const answer = await effect();
    if (fault === "dies-after") life.die();
    if (fault === "storage-answer-lost") throw failure("blob_storage_failed");
    return answer;
  }

  async function read<Answer>(effect: () => Promise<Answer>): Promise<Answer> {
    life.require();
    if (meet("read-object") !== null) throw failure("blob_storage_failed");
    return effect();
  }

  return {
    put: (name, bytes, options) =>
      change(name.endsWith(".zip") ? "put-archive" : "put-index", () => inner.put(name, bytes, options)),
    delete: (name) => change("delete-object", () => inner.delete(name)),
    get: (name) => read(() => inner.get(name)),
    stat: (name) => read(() => inner.stat(name)),
    read: (name, stat, range) => read(() => inner.read(name, stat, range)),
    list: (prefix) => read(() => inner.list(prefix)),
  };
}

function failure(code: BlobErrorCode): CodedError<BlobErrorCode> {
  return new CodedError(code, "the storage of the world has failed");
}
