// What another retention, grace or place of a location does to phones, and to what is there.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Effect, PreviewBody } from "../../platform/http/admin/preview-schemas.ts";
import { judgeChange, type LocationChange } from "./change-location.ts";
import type { Tree } from "./find-collision.ts";
import type { LocationDeps } from "./location-deps.ts";
import { countUnlistedBefore } from "./overview-queries.ts";
import { effectsOfTimes } from "./preview-times.ts";
import { readPublishedIndex } from "./reconcile-index.ts";

/** Throws what `changeLocation` throws, and what the blob store throws. */
export async function previewChange(
  deps: LocationDeps,
  name: string,
  change: LocationChange,
  now: UnixSeconds,
): Promise<PreviewBody> {
  const { db } = deps.database;
  const { location, places } = await judgeChange(deps, db, name, change);
  const { graceSeconds = location.graceSeconds } = change;
  const isShorter = graceSeconds < location.graceSeconds;
  const deleted = isShorter ? await countUnlistedBefore(db, location.id, now - graceSeconds) : 0;
  const effects = effectsOfTimes(location, change, deleted, now);
  if (places === null) return { effects, doubts: [] };
  const published = await readPublishedIndex(deps, { ...location, ...places });
  return { effects: [...effectsOfPlaces(location, places, published?.lines.length ?? null), ...effects], doubts: [] };
}

/** Pure. `listed`: lines of the index that is at the new place, null where there is none. */
export function effectsOfPlaces(before: Tree, after: Tree, listed: number | null): Effect[] {
  const effects: Effect[] = [];
  if (after.indexObject !== before.indexObject) {
    effects.push({
      who: "phones that are sent to this location",
      from: null,
      what: `have to read the index ${after.indexObject} instead of ${before.indexObject}`,
      weight: "changes",
    });
  }
  effects.push({
    who: "archives",
    from: null,
    what:
      `new ones get names that begin with "${after.basePrefix + after.linePrefix}"; ` +
      `each line of the index is looked for below "${after.basePrefix}"`,
    weight: "changes",
  });
  effects.push({
    who: "the index at the new place",
    from: null,
    what:
      listed === null
        ? "is not there yet: the first archive begins it"
        : `has ${listed} lines; nothing is published until it is adopted`,
    weight: "stays",
  });
  return effects;
}
