// A folder of archives as another server would have left it: an index, zips, and the key that signed them.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import type { ExposureKey } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { makeSigner, sampleKeys } from "./sample-archives.ts";

export interface FolderArchive {
  readonly line: string;
  /** Unix seconds. */
  readonly end: number;
  readonly primaries: KeyBatch;
  readonly revised?: KeyBatch;
  /** What became of the bytes on the way. */
  readonly harm?: (bytes: Uint8Array) => Uint8Array;
}

/** Writes archives of region XX, with windows of four hours, and their index; answers the key to trust. */
export async function writeArchiveFolder(folder: string, archives: readonly FolderArchive[]): Promise<TrustedKey> {
  const { signer, trustedKey } = makeSigner();
  await mkdir(folder, { recursive: true });
  for (const { line, end, primaries, revised = KeyBatch.empty, harm = unharmed } of archives) {
    const content = { start: end - 14_400, end, region: "XX", primaries, revised };
    const { bytes } = await buildArchive({ ...content, signers: [signer] }, nodeArchiveTools);
    await mkdir(dirname(join(folder, line)), { recursive: true });
    await writeFile(join(folder, line), harm(bytes));
  }
  await writeFile(join(folder, "index.txt"), archives.map(({ line }) => line).join("\n"));
  return trustedKey;
}

/** Keys with other values than the samples where `valuesAt` says so. */
export function keysWith(count: number, valuesAt: (index: number) => Partial<ExposureKey>): KeyBatch {
  return KeyBatch.from([...sampleKeys(count)].map((key, index) => ({ ...key, ...valuesAt(index) })));
}

/** What a disk that ran full leaves. */
export function cutOff(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, 300);
}

function unharmed(bytes: Uint8Array): Uint8Array {
  return bytes;
}
