// A write whose outcome is known in the end: where it did not go well, the object itself tells who made it.

import { randomUUID } from "node:crypto";
import {
  type Bucket,
  BucketError,
  type BucketStat,
  type BucketWrite,
  type WriteCondition,
  type WriteResult,
} from "./bucket.ts";
import { pauseBefore, type RetrySettings, retryAway, within } from "./retry.ts";

/**
 * `written`: the object is ours. `refused`: it is somebody else's, who may have gone on from ours where the answer of an
 * attempt was lost. A mark tells, and not the content: two who copy the same archive write the same bytes. Also a refusal
 * is looked into: what lies between may repeat a request by itself. Throws BucketError where nothing can be said.
 */
export async function writeSurely(
  bucket: Bucket,
  key: string,
  given: Omit<BucketWrite, "mark">,
  settings: RetrySettings,
): Promise<Exclude<WriteResult, "unknown">> {
  const write = { ...given, mark: randomUUID() };
  for (let count = 0; ; count++) {
    const { result, error } = await tryWrite(bucket, key, write, settings);
    if (result === "written") return result;
    const found = await retryAway(settings, (signal) => bucket.stat(key, signal));
    if (found?.mark === write.mark) return "written";
    if (result === "refused" || !holds(write.condition, found)) return "refused";
    if (!(await pauseBefore(settings, count))) throw error ?? new BucketError("away", null, "others keep writing");
  }
}

async function tryWrite(
  bucket: Bucket,
  key: string,
  write: BucketWrite,
  settings: RetrySettings,
): Promise<{ readonly result: WriteResult; readonly error?: BucketError }> {
  try {
    return { result: await within(settings, (signal) => bucket.write(key, write, signal)) };
  } catch (error) {
    if (!(error instanceof BucketError) || error.kind !== "away") throw error;
    return { result: "unknown", error };
  }
}

/** Whether an attempt may still succeed. */
function holds(condition: WriteCondition, found: BucketStat | null): boolean {
  if (condition.kind === "none") return true;
  return condition.kind === "absent" ? found === null : found?.tag === condition.tag;
}
