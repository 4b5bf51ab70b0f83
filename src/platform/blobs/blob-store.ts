// Object storage as the product needs it: whole objects, conditional writes, nothing else.

export interface Blob {
  readonly bytes: Uint8Array;
  /** Changes whenever the object's bytes do; to be handed back as `ifVersion`. */
  readonly version: string;
}

export interface PutOptions {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Write only when there is no such object. */
  readonly ifAbsent?: true;
  /** Write only while the object still has this version. */
  readonly ifVersion?: string;
}

export type BlobErrorCode =
  /** `ifAbsent` or `ifVersion` did not hold; nothing was written. */
  | "blob_conflict"
  /** No room is left; nothing was written. */
  | "blob_storage_full"
  /** Anything else that went wrong at the store; nothing can be said about the object. */
  | "blob_storage_failed"
  /** The name climbs out of the store, is empty, absolute, or holds forbidden characters. */
  | "blob_name_invalid";

/**
 * Every method throws CodedError<BlobErrorCode>. A `put` is atomic and durable when it resolves: readers see the old
 * object or the whole new one. Names are relative paths with "/".
 */
export interface BlobStore {
  /** Answers the new version. */
  put(name: string, bytes: Uint8Array, options: PutOptions): Promise<string>;
  /** null when there is no such object. */
  get(name: string): Promise<Blob | null>;
  /** Missing is success. */
  delete(name: string): Promise<void>;
  /** The names that begin with `prefix`, ascending. */
  list(prefix: string): Promise<string[]>;
}
