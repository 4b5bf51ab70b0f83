// Randomness that nobody can predict, from the operating system.

import { randomBytes } from "node:crypto";
import type { Random } from "../../core/random.ts";
import { drawUniformInteger } from "./uniform-integer.ts";

export const cryptoRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  integer: (max) => drawUniformInteger(max, randomBytes),
};
