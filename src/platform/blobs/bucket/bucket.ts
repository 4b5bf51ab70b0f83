// A bucket of an object storage service, in the few calls that the product needs of it. Each makes one request, and tells
// what is known afterwards; what follows from that is decided in one place for all services (bucket-blobs.ts).

import type { BlobRange, BlobStat } from "../blob-store.ts";
import type { ObjectHeaders } from "../object-headers.ts";

export interface BucketObject {
  readonly bytes: Uint8Array;
  /** The service's own mark of this state of the object: an entity tag, a generation. */
  readonly tag: string;
}

export interface BucketStat extends BlobStat {
  /** Of the write that made this state; null: another program's. */
  readonly mark: string | null;
}

/** The name under which the mark is kept with the object, in the characters that every service takes. */
export const MARK_NAME = "enkswrite";

export interface BucketWrite {
  readonly bytes: Uint8Array;
  readonly headers: ObjectHeaders;
  readonly condition: WriteCondition;
  /** Of this write and no other, the same in all its attempts. */
  readonly mark: string;
}

/** What has to be true of an object for a write to be carried out: nothing, that there is none, that it has this tag. */
export type WriteCondition =
  | { readonly kind: "none" }
  | { readonly kind: "absent" }
  | { readonly kind: "tag"; readonly tag: string };

/**
 * What is known after one attempt. `unknown`: the write may have been carried out, may still be, or never will, since the
 * answer was lost, or the service says that others wrote at the same time.
 */
export type WriteResult = "written" | "refused" | "unknown";

/** Bytes as they arrive. `destroy` ends the request, wherever it is. */
export interface BucketStream extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
}

/** Every method rejects with BucketError, and gives up when `signal` says so. */
export interface Bucket {
  /** For messages, as people of that service write it: "s3://bucket/prefix". */
  readonly place: string;
  get(key: string, signal: AbortSignal): Promise<BucketObject | null>;
  stat(key: string, signal: AbortSignal): Promise<BucketStat | null>;
  /** null: there is no such object, or not with this tag. */
  open(key: string, tag: string, range: BlobRange, signal: AbortSignal): Promise<BucketStream | null>;
  write(key: string, write: BucketWrite, signal: AbortSignal): Promise<WriteResult>;
  /** Missing is success. */
  delete(key: string, signal: AbortSignal): Promise<void>;
  /** Keys that begin with `prefix`, in any order; all of them, or the first ones up to `atMost`. */
  list(prefix: string, atMost: number | null, signal: AbortSignal): Promise<string[]>;
}

/**
 * `away`: no answer, or one that says to come again. `refused`: it will be refused again until somebody changes rights or
 * settings. `full`: no room.
 */
export type BucketErrorKind = "away" | "refused" | "full";

/** Has no cause: what the libraries throw may hold the request, and with it credentials. */
export class BucketError extends Error {
  override readonly name = "BucketError";
  readonly kind: BucketErrorKind;
  /** null: there was no answer. */
  readonly status: number | null;

  constructor(kind: BucketErrorKind, status: number | null, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

const MESSAGE_CHARACTERS = 300;

/** The error that an answer with this status means, or no answer at all. `code` is the service's own. */
export function bucketError(status: number | null, code: string, message: string): BucketError {
  const said = [status === null ? "no answer" : String(status), code, message].filter((part) => part !== "").join(" ");
  return new BucketError(kindOf(status), status, said.slice(0, MESSAGE_CHARACTERS));
}

function kindOf(status: number | null): BucketErrorKind {
  if (status === 507) return "full";
  const comesAgain = status === null || status >= 500 || status === 429 || status === 408;
  return comesAgain ? "away" : "refused";
}
