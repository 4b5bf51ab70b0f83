// What another retention or grace does to phones that look seldom, and to archives that are there.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Effect } from "../../platform/http/admin/preview-schemas.ts";
import type { LocationChange } from "./change-location.ts";
import type { Location } from "./location-types.ts";

/** Pure. `deleted`: archives that the new grace does not keep any more. */
export function effectsOfTimes(
  location: Pick<Location, "retentionSeconds" | "graceSeconds">,
  change: LocationChange,
  deleted: number,
  now: UnixSeconds,
): Effect[] {
  const { retentionSeconds: kept, graceSeconds: grace } = { ...location, ...change };
  const effects: Effect[] = [];
  if (kept !== location.retentionSeconds) {
    const isShorter = kept < location.retentionSeconds;
    effects.push({
      who: isShorter ? `phones that look less often than every ${tellTime(kept)}` : "phones that look seldom",
      from: isoTime(now + Math.min(kept, location.retentionSeconds)),
      what: isShorter
        ? `never get keys that were listed and left the index between two looks; until now they had ${tellTime(location.retentionSeconds)}`
        : `have ${tellTime(kept)} instead of ${tellTime(location.retentionSeconds)} to get a key`,
      weight: isShorter ? "loses" : "changes",
    });
    effects.push({
      who: "archives that are listed already",
      from: null,
      what: "keep the end that they have",
      weight: "stays",
    });
  }
  if (grace < location.graceSeconds) {
    effects.push({
      who: "phones that read an index from a cache",
      from: null,
      what:
        `find an archive for ${tellTime(grace)} after its line is gone, instead of ${tellTime(location.graceSeconds)}; ` +
        `archives that are deleted at once: ${deleted}`,
      weight: deleted > 0 ? "loses" : "changes",
    });
  }
  return effects;
}

const UNITS = [
  [86_400, "days"],
  [3_600, "hours"],
  [60, "minutes"],
] as const;

function tellTime(seconds: number): string {
  const [unit, word] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, "seconds"];
  return `${seconds / unit} ${word}`;
}
