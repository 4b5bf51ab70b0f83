// A write whose outcome is known in the end: where an answer was lost, the object is read back and compared.

import type { ObjectHeaders } from "../object-headers.ts";
import { type Bucket, BucketError, type BucketObject, type WriteCondition, type WriteResult } from "./bucket.ts";
import { pauseBefore, type RetrySettings, retryAway, within } from "./retry.ts";

export interface SureWrite {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly headers: ObjectHeaders;
  readonly condition: WriteCondition;
}

/**
 * `written`: the object is ours. `refused`: it is somebody else's, who may have gone on from ours where the answer of an
 * attempt was lost. Throws BucketError where nothing can be said.
 */
export async function writeSurely(
  bucket: Bucket,
  write: SureWrite,
  settings: RetrySettings,
): Promise<Exclude<WriteResult, "unknown">> {
  let mayHaveWritten = false;
  for (let count = 0; ; count++) {
    const { outcome, error } = await tryWrite(bucket, write, settings);
    if (outcome === "written") return outcome;
    if (outcome === "refused" && !mayHaveWritten) return outcome;
    mayHaveWritten = true;
    const found = await retryAway(settings, (signal) => bucket.get(write.key, signal));
    if (found !== null && Buffer.compare(found.bytes, write.bytes) === 0) return "written";
    if (outcome === "refused" || !holds(write.condition, found)) return "refused";
    if (!(await pauseBefore(settings, count))) throw error ?? new BucketError("away", null, "others keep writing");
  }
}

async function tryWrite(
  bucket: Bucket,
  { key, bytes, headers, condition }: SureWrite,
  settings: RetrySettings,
): Promise<{ readonly outcome: WriteResult; readonly error?: BucketError }> {
  try {
    return {
      outcome: await within(settings, (signal) => bucket.write(key, bytes, headers, condition, signal)),
    };
  } catch (error) {
    if (!(error instanceof BucketError) || error.kind !== "away") throw error;
    return { outcome: "unknown", error };
  }
}

/** Whether an attempt may still succeed. */
function holds(condition: WriteCondition, found: BucketObject | null): boolean {
  if (condition.kind === "none") return true;
  return condition.kind === "absent" ? found === null : found?.tag === condition.tag;
}
