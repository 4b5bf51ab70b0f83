// An answer that is not asked for anew each time.

import type { Clock } from "../../core/clock.ts";

/** Asks at most once in so many seconds; who asks meanwhile, or at the same time, gets the same answer. */
export function rememberFor<T>(seconds: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let asked: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const now = clock.now();
    // A clock that was set back would otherwise keep an answer for long.
    if (asked === null || now >= asked.at + seconds || now < asked.at) asked = { at: now, answer: ask() };
    return asked.answer;
  };
}
