// Giving a location another seal: one index carries one seal at a time, and the past stays as it was.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { completeSeal, type NewLocation } from "./create-location.ts";
import { judgeSeal } from "./judge-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { LocationErrorCode } from "./location-types.ts";
import { endSealBefore, insertSeal, lockLocation, readLastAppended, readSeals } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

/**
 * From `wanted.from` on archives carry the new seal; the one before ends there. Where another is to begin later already,
 * the new one ends where that begins, so that a rotation that was planned stands in nobody's way. Throws
 * `location_seal_invalid`, also for an instant before the seal in force or before what was published under it, and for
 * another public key under a key id and version that the location has or had.
 */
export async function addSeal(
  deps: LocationDeps,
  name: string,
  wanted: NewLocation["seal"],
  now: UnixSeconds,
): Promise<void> {
  const location = await requireLocation(deps, name);
  const seal = await completeSeal(deps, wanted);
  await deps.database.transaction(async (tx) => {
    await lockLocation(tx, location.id);
    const seals = await readSeals(tx, location.id);
    const problem = judgeSeal(seals, await readLastAppended(tx, location.id), seal, now);
    if (problem !== null) {
      const { message, remedy } = problem;
      throw new CodedError<LocationErrorCode>("location_seal_invalid", `a seal of "${name}" ${message}`, { remedy });
    }
    await endSealBefore(tx, location.id, seal.from);
    const next = seals.find(({ from }) => from > seal.from);
    await insertSeal(tx, location.id, { ...seal, until: next?.from ?? null });
  });
}
