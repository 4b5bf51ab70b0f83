// Calling off a rotation that was planned and has not begun: nothing was published under its seal.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { LocationErrorCode, Seal } from "./location-types.ts";
import { deleteSeal, lockLocation, readSeals } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

/** `from`: which one, where several are planned. The seal before it goes on. Throws `location_unknown`, `location_seal_invalid`. */
export async function cancelSeal(
  deps: Pick<LocationDeps, "database">,
  name: string,
  from: UnixSeconds | null,
  now: UnixSeconds,
): Promise<void> {
  const { id } = await requireLocation(deps, name);
  await deps.database.transaction(async (tx) => {
    await lockLocation(tx, id);
    const { planned, next } = choosePlanned(name, await readSeals(tx, id), from, now);
    await deleteSeal(tx, id, planned.from, next?.from ?? null);
  });
}

/** Pure. */
export function choosePlanned(
  name: string,
  seals: readonly Seal[],
  from: UnixSeconds | null,
  now: UnixSeconds,
): { planned: Seal; next: Seal | undefined } {
  // Without its first seal a location would have none.
  const planned = seals.slice(1).filter((seal) => seal.from > now);
  const chosen = from === null ? planned : planned.filter((seal) => seal.from === from);
  const [one, ...others] = chosen;
  if (one !== undefined && others.length === 0) return { planned: one, next: seals[seals.indexOf(one) + 1] };
  const instants = planned.map((seal) => isoTime(seal.from)).join(", ");
  throw new CodedError<LocationErrorCode>(
    "location_seal_invalid",
    planned.length === 0
      ? `no rotation of "${name}" is planned; one that has begun is ended by another one`
      : `"${name}" has rotations that are planned at ${instants}`,
    planned.length === 0 ? {} : { remedy: "Say which one: from." },
  );
}
