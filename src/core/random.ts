// Randomness as a parameter: cryptographic in production, seeded in simulations.

export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
  /** A uniform integer in 0..max, both included. */
  integer(max: number): number;
}
