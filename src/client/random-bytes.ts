// Randomness that nobody can predict, unless a test passes in another.

import { randomBytes } from "node:crypto";

/** Answers so many bytes. */
export type RandomBytes = (count: number) => Uint8Array;

export const unpredictableBytes: RandomBytes = (count) => new Uint8Array(randomBytes(count));
