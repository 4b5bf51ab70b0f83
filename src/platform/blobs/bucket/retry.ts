// Trying again where a service is away for a moment. The libraries of the services are told not to: they would repeat
// a conditional write whose answer was lost, and take their own success for somebody else's.

import { setTimeout as wait } from "node:timers/promises";
import { BucketError } from "./bucket.ts";

export interface RetrySettings {
  /** How long to wait before each further attempt; as many as there are. */
  readonly pausesMilliseconds: readonly number[];
  /** Of one attempt. */
  readonly withinMilliseconds: number;
}

/** About four seconds of waiting: a service that is away for longer is the next run's business. */
export const USUAL_RETRIES: RetrySettings = {
  pausesMilliseconds: [100, 300, 1_000, 2_500],
  withinMilliseconds: 60_000,
};

/** Calls `attempt` until it does not reject as "away". For what may be repeated without harm. */
export async function retryAway<T>(settings: RetrySettings, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let count = 0; ; count++) {
    try {
      return await within(settings, attempt);
    } catch (error) {
      if (!(error instanceof BucketError) || error.kind !== "away") throw error;
      if (!(await pauseBefore(settings, count))) throw error;
    }
  }
}

/** One attempt. Once it is over its signal says nothing any more: what it opened may be read for as long as it takes. */
export async function within<T>(
  { withinMilliseconds }: RetrySettings,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMilliseconds);
  try {
    return await attempt(late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** False where no attempt is left. */
export async function pauseBefore({ pausesMilliseconds }: RetrySettings, count: number): Promise<boolean> {
  const pause = pausesMilliseconds[count];
  if (pause === undefined) return false;
  await wait(pause);
  return true;
}
