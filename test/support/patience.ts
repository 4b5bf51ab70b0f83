// How long tests wait for real processes.

/** On a machine on which everything takes long; the wait ends as soon as its condition holds. */
export const PATIENCE = { timeout: 7 * 60_000, interval: 200 };
