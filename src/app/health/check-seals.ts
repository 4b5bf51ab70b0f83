// Whether this process has the signing keys of the seals in force, without which its exports and mirrors publish nothing.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Server } from "../create-server.ts";

export type SealCheckFailure =
  /** The signing key of a seal in force is not here, though this process exports or mirrors. */
  "seal_key_missing";

/** null: it has all. Rejects where the database or the store of the keys cannot be read. */
export async function checkSeals(server: Pick<Server, "watch">, now: UnixSeconds): Promise<SealCheckFailure | null> {
  return (await server.watch.missingSigningKeys(now)).length > 0 ? "seal_key_missing" : null;
}
