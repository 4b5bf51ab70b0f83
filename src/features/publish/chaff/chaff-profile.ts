// What real answers look like, so that the answers to chaff look the same (KS 3.11).

import type { Random } from "../../../core/random.ts";

export interface SeenAnswer {
  readonly bodyBytes: number;
  readonly milliseconds: number;
}

export interface ChaffProfile {
  /** Remembers a real answer. */
  note(answer: SeenAnswer): void;
  /** A real answer to imitate; null before the first. Size and time come from the same one, since they hang together. */
  draw(): SeenAnswer | null;
}

export const REMEMBERED = 500;

/** Remembers the latest answers to uploads and nothing else: health checks would show (KS P15). */
export function createChaffProfile(random: Random): ChaffProfile {
  const seen: SeenAnswer[] = [];
  let next = 0;
  return {
    note(answer) {
      seen[next] = answer;
      next = (next + 1) % REMEMBERED;
    },
    draw: () => (seen.length === 0 ? null : (seen[random.integer(seen.length - 1)] ?? null)),
  };
}
