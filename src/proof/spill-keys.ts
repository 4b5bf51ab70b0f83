// Sorts keys into partitions on disk by the first byte of the key, so that any number of them is compared in little memory.

import { KeyBatch, RECORD_LENGTH } from "../core/key-batch.ts";
import type { TemporaryFiles } from "./proof-types.ts";

export const PARTITIONS = 64;
const KEYS_AT_ONCE = 1024;

/** Keys of one partition, and where each was published. */
export interface SpilledKeys {
  readonly keys: KeyBatch;
  /** For each key: twice the number of its archive, plus one where it was revised there. */
  readonly origins: Uint32Array;
}

interface Partition {
  readonly keys: Uint8Array;
  readonly origins: Uint32Array;
  count: number;
}

/** Takes the keys of archives under a name and gives them back partition by partition. */
export class KeySpill {
  private readonly partitions: readonly Partition[] = Array.from({ length: PARTITIONS }, () => ({
    keys: new Uint8Array(KEYS_AT_ONCE * RECORD_LENGTH),
    origins: new Uint32Array(KEYS_AT_ONCE),
    count: 0,
  }));
  private readonly files: TemporaryFiles;
  private readonly name: string;

  constructor(files: TemporaryFiles, name: string) {
    this.files = files;
    this.name = name;
  }

  /** `archive` is the number under which its facts are kept; below 2^31. */
  async add(keys: KeyBatch, archive: number, isRevised: boolean): Promise<void> {
    const origin = archive * 2 + (isRevised ? 1 : 0);
    for (let index = 0; index < keys.length; index++) {
      const at = index * RECORD_LENGTH;
      const number = partitionOf(keys.bytes[at] ?? 0);
      const partition = this.partitions[number] as Partition;
      const to = partition.count * RECORD_LENGTH;
      for (let byte = 0; byte < RECORD_LENGTH; byte++) partition.keys[to + byte] = keys.bytes[at + byte] ?? 0;
      partition.origins[partition.count++] = origin;
      if (partition.count === KEYS_AT_ONCE) await this.write(number, partition);
    }
  }

  /** Everything that was added, of one partition, in the order in which it was added. */
  async read(number: number): Promise<SpilledKeys> {
    await this.write(number, this.partitions[number] as Partition);
    const keys = await this.files.read(`${this.name}-${number}.keys`);
    const origins = await this.files.read(`${this.name}-${number}.origins`);
    // A copy, since what was read need not begin where a number of four bytes may.
    return { keys: new KeyBatch(keys), origins: new Uint32Array(new Uint8Array(origins).buffer) };
  }

  private async write(number: number, partition: Partition): Promise<void> {
    const { count } = partition;
    if (count === 0) return;
    partition.count = 0;
    const origins = new Uint8Array(partition.origins.buffer, 0, count * 4);
    await this.files.append(`${this.name}-${number}.keys`, partition.keys.subarray(0, count * RECORD_LENGTH));
    await this.files.append(`${this.name}-${number}.origins`, origins);
  }
}

/** Key bytes are random, so that the first one spreads them evenly. */
function partitionOf(firstByte: number): number {
  return firstByte >>> 2;
}
