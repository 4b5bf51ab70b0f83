// Giving a location another seal: one index carries one seal at a time, and the past stays as it was.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { completeSeal, type NewLocation } from "./create-location.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { LocationErrorCode, Seal } from "./location-types.ts";
import { endSealBefore, insertSeal, readLastAppended, readSeals } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

/**
 * From `wanted.from` on archives carry the new seal; the one before ends there. Where another is to begin later already,
 * the new one ends where that begins, so that a rotation that was planned stands in nobody's way. Throws
 * `location_seal_invalid`, also for an instant before the seal in force or before what was published under it.
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
    const seals = await readSeals(tx, location.id);
    const problem = findProblem(seals, await readLastAppended(tx, location.id), seal.from, now);
    if (problem !== null) {
      throw new CodedError<LocationErrorCode>("location_seal_invalid", `a seal of "${name}" ${problem}`, {
        remedy: "Leave its beginning out for now, or name a later instant.",
      });
    }
    await endSealBefore(tx, location.id, seal.from);
    const next = seals.find(({ from }) => from > seal.from);
    await insertSeal(tx, location.id, { ...seal, until: next?.from ?? null });
  });
}

function findProblem(
  seals: readonly Seal[],
  lastAppendedAt: UnixSeconds | null,
  from: UnixSeconds,
  now: UnixSeconds,
): string | null {
  const inForce = seals.findLast((one) => one.from <= now);
  const isTaken = seals.some((one) => one.from === from);
  if (isTaken || (inForce && from < inForce.from)) {
    return "must begin after the one before it, since one index carries one seal at a time";
  }
  if (lastAppendedAt === null || lastAppendedAt <= from) return null;
  return `cannot begin before ${isoTime(lastAppendedAt)}: until then archives were published under the one before`;
}
