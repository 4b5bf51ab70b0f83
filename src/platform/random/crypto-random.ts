// Randomness that nobody can predict, from the operating system.

import { randomBytes } from "node:crypto";
import type { Random } from "../../core/random.ts";
import { drawUniformInteger } from "./uniform-integer.ts";

/** Drawn at once, since many small draws cost more than one large one. */
const STOCK_BYTES = 16_384;
const MOST_FROM_STOCK_BYTES = 4_096;

let stock = Buffer.alloc(0);

export const cryptoRandom: Random = {
  bytes: draw,
  integer: (max) => drawUniformInteger(max, draw),
};

/** Every byte of the stock is handed out once, and then is nowhere else. */
function draw(count: number): Uint8Array {
  if (count > MOST_FROM_STOCK_BYTES) return new Uint8Array(randomBytes(count));
  if (count > stock.length) stock = randomBytes(STOCK_BYTES);
  const taken = stock.subarray(0, count);
  const drawn = new Uint8Array(taken);
  taken.fill(0);
  stock = stock.subarray(count);
  return drawn;
}
