// Object storage in a bucket of any service, under the contract of all stores.
//
// A version is the digest of an object's content, as in a folder. A write under a version first reads what is there: it
// goes on under the service's own tag of that very content. So whoever writes the same bytes again takes nothing back.

import { CodedError } from "../../../core/coded-error.ts";
import { requireConditions, versionOf } from "../blob-conditions.ts";
import { invalidBlobName, isBlobName, requireBlobName } from "../blob-name.ts";
import type { BlobErrorCode, BlobStore, PutOptions } from "../blob-store.ts";
import { type Bucket, BucketError, type BucketObject, type WriteCondition } from "./bucket.ts";
import { createFolderGuard } from "./folder-guard.ts";
import { readerOfStream } from "./read-stream.ts";
import { type RetrySettings, retryAway, USUAL_RETRIES } from "./retry.ts";
import { writeSurely } from "./write-surely.ts";

/** Whoever only rewrites the same content moves its tag; so often in a row is somebody's mistake. */
const ROUNDS = 5;

/** `prefix`: what the keys of all objects begin with, without a slash at the end; "" for none. */
export function createBucketBlobs(bucket: Bucket, prefix: string, settings: RetrySettings = USUAL_RETRIES): BlobStore {
  const root = prefix === "" ? "" : `${prefix}/`;
  const guard = createFolderGuard(bucket);

  /** With retries, and with the codes of the contract. */
  function ask<T>(name: string, call: (key: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    return translateErrors(bucket, name, async () => {
      requireBlobName(name);
      return retryAway(settings, (signal) => call(root + name, signal));
    });
  }

  async function putOnce(name: string, bytes: Uint8Array, options: PutOptions): Promise<"written" | "refused"> {
    const condition = await conditionOf(name, options, () => ask(name, (key, signal) => bucket.get(key, signal)));
    return writeSurely(bucket, root + name, { bytes, headers: options, condition }, settings);
  }

  return {
    put: (name, bytes, options) =>
      translateErrors(bucket, name, async () => {
        requireBlobName(name);
        // What is replaced is an object already, and its name was looked at when it came to be.
        if (options.ifVersion === undefined) await retryAway(settings, (signal) => guard(root, name, signal));
        for (let round = 0; round < ROUNDS; round++) {
          if ((await putOnce(name, bytes, options)) === "written") return versionOf(bytes);
          if (options.ifVersion === undefined) break;
        }
        throw new CodedError<BlobErrorCode>("blob_conflict", `The object ${name} was written by somebody else.`);
      }),
    async get(name) {
      const found = await ask(name, (key, signal) => bucket.get(key, signal));
      return found && { bytes: found.bytes, version: versionOf(found.bytes) };
    },
    async stat(name) {
      const found = await ask(name, (key, signal) => bucket.stat(key, signal));
      return found && { byteCount: found.byteCount, tag: found.tag };
    },
    async read(name, { tag }, range) {
      if (range.start === range.end) {
        const found = await ask(name, (key, signal) => bucket.stat(key, signal));
        return found?.tag === tag ? readerOfStream(emptyStream(), 0) : null;
      }
      const stream = await ask(name, (key, signal) => bucket.open(key, tag, range, signal));
      if (stream === null) return null;
      const reader = readerOfStream(stream, range.end - range.start);
      return { ...reader, readInto: (into) => translateErrors(bucket, name, () => reader.readInto(into)) };
    },
    delete: (name) => ask(name, (key, signal) => bucket.delete(key, signal)),
    list: (start) =>
      translateErrors(bucket, start, async () => {
        // Services answer in many ways where they are asked for what no name begins with.
        if (start !== "" && !isBlobName(start) && !isBlobName(`${start}x`)) return [];
        const keys = await retryAway(settings, (signal) => bucket.list(root + start, null, signal));
        return keys
          .map((key) => key.slice(root.length))
          .filter(isBlobName)
          .sort();
      }),
  };
}

/** Throws `blob_conflict` where the condition does not hold already. */
async function conditionOf(
  name: string,
  options: PutOptions,
  read: () => Promise<BucketObject | null>,
): Promise<WriteCondition> {
  if (options.ifVersion === undefined) return { kind: options.ifAbsent === true ? "absent" : "none" };
  const current = await read();
  requireConditions(name, current && versionOf(current.bytes), options);
  return current === null ? { kind: "absent" } : { kind: "tag", tag: current.tag };
}

async function translateErrors<T>({ place }: Bucket, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (!(error instanceof BucketError)) throw storageFailed(`${place} failed at ${name}: ${String(error)}`);
    if (error.status === 414) throw invalidBlobName(name);
    if (error.kind === "full") {
      throw new CodedError<BlobErrorCode>("blob_storage_full", `There is no room left in ${place} for ${name}.`, {
        remedy: "Raise the quota; the next run writes it again.",
      });
    }
    throw storageFailed(
      `${place} ${error.kind === "away" ? "is away" : "refuses"}, at ${name}: ${error.message}`,
      error.kind === "away" ? undefined : "Check the bucket's name, region and rights: docs/operate/object-storage.md.",
    );
  }
}

function storageFailed(message: string, remedy?: string): CodedError<BlobErrorCode> {
  return new CodedError("blob_storage_failed", message, remedy === undefined ? {} : { remedy });
}

async function* emptyPieces(): AsyncGenerator<Uint8Array> {}

function emptyStream() {
  const pieces = emptyPieces();
  return { [Symbol.asyncIterator]: () => pieces, destroy: () => undefined };
}
