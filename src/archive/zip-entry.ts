// An entry of a zip as its directory describes it, and with its bytes.

/** What headers and descriptors say of the content. */
export interface EntrySums {
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
}

export interface DirectoryEntry extends EntrySums {
  /** One character per byte: enough to compare with ASCII names, and never ambiguous. */
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly localOffset: number;
}

/** An entry with its bytes as they stand in the zip, not inflated. */
export interface LocatedEntry extends DirectoryEntry {
  readonly data: Uint8Array;
}
