// Object storage as the product needs it: whole objects, conditional writes, reading in parts.

export interface Blob {
  readonly bytes: Uint8Array;
  /** Changes whenever the object's bytes do; to be handed back as `ifVersion`. */
  readonly version: string;
}

/** What can be said of an object without reading it. */
export interface BlobStat {
  readonly byteCount: number;
  /** Another one for other bytes under this name. In the characters of an HTTP entity tag; no `version`. */
  readonly tag: string;
}

/** Some bytes of an object: from the first, up to before the end. */
export interface BlobRange {
  readonly start: number;
  readonly end: number;
}

/** Reads the bytes of a range one after the other; holds nothing back for a reader that is slow. */
export interface BlobReader {
  /** Fills the beginning of `into` with the next bytes and answers how many; 0 at the end of the range. */
  readInto(into: Uint8Array): Promise<number>;
  /** Has to be called in the end, wherever the reading stopped. */
  close(): Promise<void>;
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
  /** Costs the same for every size; null when there is no such object. */
  stat(name: string): Promise<BlobStat | null>;
  /** `range` lies within the object; null when the object is no longer what `stat` told. */
  read(name: string, stat: BlobStat, range: BlobRange): Promise<BlobReader | null>;
  /** Missing is success. */
  delete(name: string): Promise<void>;
  /** The names that begin with `prefix`, ascending. */
  list(prefix: string): Promise<string[]>;
}
