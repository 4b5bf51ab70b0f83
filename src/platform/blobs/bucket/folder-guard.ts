// No name is an object and the folder of another at once: buckets would allow it, folders do not, and a tree may move.

import { invalidBlobName } from "../blob-name.ts";
import type { Bucket } from "./bucket.ts";

const MOST_KNOWN = 1_000;

/**
 * Answers a check that throws `blob_name_invalid`. It costs one listing and one question for each folder above the name;
 * what was found good once is not asked again, since only we write below our prefix.
 */
export function createFolderGuard(bucket: Pick<Bucket, "stat" | "list">) {
  const good = new Set<string>();

  async function once(fact: string, isBad: () => Promise<boolean>, name: string): Promise<void> {
    if (good.has(fact)) return;
    if (await isBad()) throw invalidBlobName(name);
    if (good.size >= MOST_KNOWN) good.clear();
    good.add(fact);
  }

  return async (root: string, name: string, signal: AbortSignal): Promise<void> => {
    const segments = name.split("/");
    for (let depth = 1; depth < segments.length; depth++) {
      const folder = root + segments.slice(0, depth).join("/");
      await once(`${folder}/`, async () => (await bucket.stat(folder, signal)) !== null, name);
    }
    const key = root + name;
    await once(key, async () => (await bucket.list(`${key}/`, 1, signal)).length > 0, name);
  };
}
