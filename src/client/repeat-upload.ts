// Sends the identical request again until somebody knows what became of it.

import { setTimeout as pauseFor } from "node:timers/promises";
import type { UploadAnswer } from "./client-types.ts";
import type { RandomBytes } from "./random-bytes.ts";

export interface RepeatOptions {
  /** How often it is sent at most (6). */
  readonly attempts?: number;
  /** Doubled after each attempt (2). */
  readonly firstPauseSeconds?: number;
  /** No pause is longer; a server that asks for a longer one is not asked again (300). */
  readonly longestPauseSeconds?: number;
  /** Instead of waiting. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * The first answer that settles the matter, or the last `try_again`. Pauses grow, never fall short of what the server
 * asks for, and are spread by half, so that many who were turned away together do not come back together.
 */
export async function repeatUpload(
  send: () => Promise<UploadAnswer>,
  options: RepeatOptions,
  randomBytes: RandomBytes,
): Promise<UploadAnswer> {
  const { attempts = 6, firstPauseSeconds = 2, longestPauseSeconds = 300, pause = pauseFor } = options;
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (answer.outcome !== "try_again" || attempt >= attempts) return answer;
    const askedSeconds = answer.retryAfterSeconds ?? 0;
    if (askedSeconds > longestPauseSeconds) return answer;
    const grownSeconds = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (attempt - 1));
    const spread = drawFraction(randomBytes) * (grownSeconds / 2);
    await pause(Math.min(longestPauseSeconds, Math.max(askedSeconds, grownSeconds / 2) + spread) * 1_000);
  }
}

/** From 0 up to 1. */
function drawFraction(randomBytes: RandomBytes): number {
  const [high = 0, low = 0] = randomBytes(2);
  return (high * 256 + low) / 65_536;
}
