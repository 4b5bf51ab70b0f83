// Bringing our records up to what is published, before anything is written: the published index is the truth.

import { readIndexText } from "../../archive/index-text.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { adoptArchives } from "./adopt-archives.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationArchive, LocationErrorCode } from "./location-types.ts";
import { type IndexPlan, planIndex } from "./plan-index.ts";
import { markArchives, readArchives, readLocation } from "./queries.ts";

/** Enough for one restored database: forget what expired, adopt what is unknown, look again. */
const ROUNDS = 4;

export interface PublishedIndex {
  readonly lines: readonly string[];
  readonly version: string;
}

export interface Reconciled {
  readonly location: Location;
  readonly archives: readonly LocationArchive[];
  /** What may be written now. */
  readonly plan: Extract<IndexPlan, { kind: "write" | "current" | "nothing" }>;
  readonly published: PublishedIndex | null;
}

/** The location, its records in line with the published index. Throws as `reconcile` does. */
export async function reconcileIndex(deps: LocationDeps, name: string, now: UnixSeconds): Promise<Location> {
  return (await reconcile(deps, name, now)).location;
}

/**
 * Reads the published index, adopts archives in it that our database does not know (it was restored from an older
 * state), and answers what may be written now. Throws `location_unknown`, `location_not_adopted` for a tree that
 * another program wrote, `location_fence_broken` when no index of ours could extend what is published, and
 * `location_adoption_failed`.
 */
export async function reconcile(deps: LocationDeps, name: string, now: UnixSeconds): Promise<Reconciled> {
  for (let round = 0; round < ROUNDS; round++) {
    const before = await requireLocation(deps, name);
    const published = await readPublishedIndex(deps, before);
    // Behind the index: what it lists was committed before, so the records know whatever our writers have published.
    const location = await requireLocation(deps, name);
    if (location.indexObject !== before.indexObject) continue; // It was moved; the index at its new place is not read yet.
    if (published && !location.ours) throw notAdopted(location);
    const archives = await readArchives(deps.database.db, location.id);
    const plan = planIndex(published?.lines ?? null, archives, now);
    switch (plan.kind) {
      case "write":
      case "current":
      case "nothing":
        return { location, archives, plan, published };
      case "refuse":
        throw fenceBroken(location, plan.why);
      case "adopt":
        await adoptArchives(deps, location, plan.unknown, now); // Or somebody else does meanwhile.
        break;
      case "forget":
        await markArchives(deps.database.db, location.id, plan.seqs, "expired_at", now);
        break;
    }
  }
  throw fenceBroken(await requireLocation(deps, name), "it keeps changing while it is read");
}

export async function readPublishedIndex(
  deps: Pick<LocationDeps, "blobs">,
  location: Location,
): Promise<PublishedIndex | null> {
  const blob = await deps.blobs.get(location.indexObject);
  if (!blob) return null;
  return { lines: readIndexText(new TextDecoder().decode(blob.bytes)), version: blob.version };
}

export async function requireLocation(deps: Pick<LocationDeps, "database">, name: string): Promise<Location> {
  const location = await readLocation(deps.database.db, name);
  if (location) return location;
  throw locationUnknown(name);
}

export function locationUnknown(name: string): CodedError {
  return new CodedError<LocationErrorCode>("location_unknown", `there is no location "${name}"`);
}

function notAdopted(location: Location): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_not_adopted",
    `another program wrote the index at "${location.indexObject}"`,
    { remedy: "End that program, then adopt the location; nothing was written." },
  );
}

function fenceBroken(location: Location, why: string): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_fence_broken",
    `the index of "${location.name}" was not replaced: ${why}`,
    {
      remedy:
        `Another program wrote it, or an older one was put back. \`enks location restore ${location.name}\` shows the ` +
        "difference and writes ours again; or put the last index that phones saw back into place.",
    },
  );
}
