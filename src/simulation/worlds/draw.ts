// Draws from a range or a list.

import type { Random } from "../../core/random.ts";

/** Both included; `least` where `most` is less. */
export function between(random: Random, least: number, most: number): number {
  return least + random.integer(Math.max(0, most - least));
}

/** Throws RangeError where there is no choice. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[random.integer(Math.max(0, choices.length - 1))];
  if (chosen === undefined) throw new RangeError("nothing to choose from");
  return chosen;
}
