// Giving a location another seal: one index carries one seal at a time, and the past stays as it was.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { joinTransaction } from "../../platform/database/join-transaction.ts";
import { completeSeal, type NewLocation } from "./create-location.ts";
import { findDoubts, requireMeant, type SealDoubt } from "./find-doubts.ts";
import { judgeSeal } from "./judge-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Feeder, Location, LocationErrorCode, Seal } from "./location-types.ts";
import { endSealBefore, insertSeal, lockLocation, readLastAppended, readSeals } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

export interface ConsideredSeal {
  readonly location: Location;
  /** Those that the location has or had. */
  readonly seals: readonly Seal[];
  readonly seal: Seal;
  /** What publishes there when it begins. */
  readonly feeders: readonly Feeder[];
  readonly doubts: readonly SealDoubt[];
}

/**
 * From `wanted.from` on archives carry the new seal; the one before ends there. Where another is to begin later already,
 * the new one ends where that begins, so that a rotation that was planned stands in nobody's way. Throws
 * `location_seal_invalid`, also for an instant before the seal in force or before what was published under it, and for
 * another public key under a key id and version that the location has or had; and `location_seal_doubtful`.
 */
export async function addSeal(
  deps: LocationDeps,
  name: string,
  wanted: NewLocation["seal"],
  now: UnixSeconds,
): Promise<void> {
  const { id } = await requireLocation(deps, name);
  await deps.database.transaction(async (tx) => {
    await lockLocation(tx, id);
    const { seals, seal, doubts } = await considerSeal(
      { ...deps, database: joinTransaction(deps.database.kind, tx) },
      name,
      wanted,
      now,
    );
    requireMeant(name, doubts, wanted.reallyMeant);
    await endSealBefore(tx, id, seal.from);
    const next = seals.find(({ from }) => from > seal.from);
    await insertSeal(tx, id, { ...seal, until: next?.from ?? null });
  });
}

/** What is decided about a further seal before it is added. Throws as `addSeal` does, but for what is in doubt. */
export async function considerSeal(
  deps: LocationDeps,
  name: string,
  wanted: NewLocation["seal"],
  now: UnixSeconds,
): Promise<ConsideredSeal> {
  const location = await requireLocation(deps, name);
  const seal = await completeSeal(deps, wanted);
  const seals = await readSeals(deps.database.db, location.id);
  const problem = judgeSeal(seals, await readLastAppended(deps.database.db, location.id), seal, now);
  if (problem !== null) {
    const { message, remedy } = problem;
    throw new CodedError<LocationErrorCode>("location_seal_invalid", `a seal of "${name}" ${message}`, { remedy });
  }
  const feeders = (await deps.readFeeders?.(deps.database, name, seal.from)) ?? [];
  return { location, seals, seal, feeders, doubts: findDoubts(seals, seal, feeders, now) };
}
