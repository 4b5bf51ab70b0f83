// Changing how long a location keeps archives, and, as long as it is empty, where its tree is.

import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Tree } from "./find-collision.ts";
import { invalid } from "./invalid-settings.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";
import { updatePlaces, updateTimes } from "./overview-queries.ts";
import { lockLocations, readLocation, readLocations } from "./queries.ts";
import { locationUnknown } from "./reconcile-index.ts";
import { requireOwnObjects, requireUsableNames } from "./require-places.ts";
import { requireTimes } from "./require-times.ts";

export interface LocationChange {
  /** For archives that are appended from now on: a listed one keeps the expiry that it was given. */
  readonly retentionSeconds?: number;
  /** For every archive that is still there. */
  readonly graceSeconds?: number;
  /** Where its tree is, as long as nothing of it is known here. */
  readonly indexObject?: string;
  readonly basePrefix?: string;
  readonly linePrefix?: string;
}

/**
 * What is left out stays. Throws `location_unknown`, `location_settings_invalid`, `location_exists`,
 * `location_contended`.
 */
export async function changeLocation(
  deps: Pick<LocationDeps, "database" | "leastRetentionSeconds">,
  name: string,
  change: LocationChange,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockLocations(tx);
    const { location, places } = await judgeChange(deps, tx, name, change);
    if (places !== null && !(await updatePlaces(tx, location, places))) throw archivesCame(location);
    const { retentionSeconds = location.retentionSeconds, graceSeconds = location.graceSeconds } = change;
    await updateTimes(tx, location.id, { retentionSeconds, graceSeconds });
  });
}

/** The location as it is, and where its tree shall be; null where it stays. Throws as `changeLocation`. */
export async function judgeChange(
  deps: Pick<LocationDeps, "leastRetentionSeconds">,
  db: Db,
  name: string,
  change: LocationChange,
): Promise<{ readonly location: Location; readonly places: Tree | null }> {
  const location = await readLocation(db, name);
  if (location === undefined) throw locationUnknown(name);
  requireTimes(change, deps.leastRetentionSeconds);
  const places = placesOf(location, change);
  if (places === null) return { location, places };
  requireUsableNames(places);
  const others = (await readLocations(db)).filter(({ id }) => id !== location.id);
  const holder = others.find(({ indexObject }) => indexObject === places.indexObject);
  if (holder !== undefined) throw indexTaken(location, holder);
  requireOwnObjects(name, places, others);
  return { location, places };
}

/** Phones remember lines: once there are some, nothing moves. */
function placesOf(location: Location, change: LocationChange): Tree | null {
  const { indexObject = location.indexObject, basePrefix = location.basePrefix } = change;
  const { linePrefix = location.linePrefix } = change;
  const isSame =
    indexObject === location.indexObject && basePrefix === location.basePrefix && linePrefix === location.linePrefix;
  if (isSame) return null;
  if (!location.ours && location.nextSeq === 1) return { indexObject, basePrefix, linePrefix };
  throw invalid("index and prefixes change only before the first archive", "Make another location for another place.");
}

function indexTaken({ name }: Location, holder: Location): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_exists",
    `"${name}" cannot have the index ${holder.indexObject}: the location "${holder.name}" has it`,
  );
}

function archivesCame({ name }: Location): CodedError {
  return new CodedError<LocationErrorCode>("location_contended", `archives came to "${name}" while it was changed`, {
    remedy: "Look at the location again: with archives it stays where it is.",
  });
}
