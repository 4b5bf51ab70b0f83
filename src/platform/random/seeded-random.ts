// Randomness that repeats: the same seed gives the same stream on every machine. For simulations, never for secrets.

import { createCipheriv, createHash } from "node:crypto";
import type { Random } from "../../core/random.ts";
import { drawUniformInteger } from "./uniform-integer.ts";

export interface SeededRandom extends Random {
  /**
   * A stream of its own, decided by this stream's seed and `name` alone: what was drawn here before does not matter,
   * so that one more draw in one part of a simulation leaves all other parts as they were.
   */
  fork(name: string): SeededRandom;
}

/** The stream of `seed`; a number and its decimal digits are the same seed. */
export function seededRandom(seed: number | string): SeededRandom {
  return streamOf(createHash("sha256").update(`seed ${seed}`).digest());
}

const REFILL_BYTES = 4_096;

/** The key stream of AES-256 in counter mode. */
function streamOf(seed: Buffer): SeededRandom {
  const cipher = createCipheriv("aes-256-ctr", seed, Buffer.alloc(16));
  const nextBlock = (length: number) => cipher.update(Buffer.alloc(length));
  let ready = Buffer.alloc(0);

  function bytes(count: number): Uint8Array {
    if (count > ready.length) {
      const missing = count - ready.length;
      ready = Buffer.concat([ready, nextBlock(Math.max(missing, REFILL_BYTES))]);
    }
    const drawn = new Uint8Array(ready.subarray(0, count));
    ready = ready.subarray(count);
    return drawn;
  }

  return {
    bytes,
    integer: (max) => drawUniformInteger(max, bytes),
    fork: (name) => streamOf(createHash("sha256").update(seed).update(`fork ${name}`).digest()),
  };
}
