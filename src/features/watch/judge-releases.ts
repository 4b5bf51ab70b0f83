// Which accepted keys reach no phone, since no export takes them, and the command that mends it.

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { Alarm, Release, WatchedExport, WatchedFilter } from "./watch-types.ts";

/** Phones look for no key that is older. */
export const MATTERS_SECONDS = 14 * DAY;

/** KS 2.7, as the export reads keys. */
function matches(
  { includeRegions, excludeRegions, travelers }: WatchedFilter,
  { regions, traveler }: Pick<Release, "regions" | "traveler">,
): boolean {
  const has = (wanted: readonly string[]) => regions.some((region) => wanted.includes(region));
  if (has(excludeRegions)) return false;
  if (travelers === "also") return has(includeRegions) || traveler;
  return has(includeRegions) && (travelers === "region" || !traveler);
}

/** `taken`: exported. `coming`: an export will take them. `stranded`: none does. */
export function fateOf(release: Release, exports: readonly WatchedExport[]): "taken" | "coming" | "stranded" {
  const fates = exports.map((one) => fateIn(release, one));
  return (["taken", "coming"] as const).find((fate) => fates.includes(fate)) ?? "stranded";
}

function fateIn(release: Release, one: WatchedExport): "taken" | "coming" | "stranded" {
  const { first, last } = release;
  const { filter, pastFilters, start, until, exportedUntil, stretches } = one;
  const again = matches(filter, release) ? stretches.filter(({ from, thru }) => from <= first && last < thru) : [];
  if (again.some(({ isDone }) => isDone)) return "taken";
  const filterAt = (at: UnixSeconds) => pastFilters.find((past) => at < past.until)?.filter ?? filter;
  // An hour in which the filter was replaced counts as taken only where both filters take it.
  const isMatched = start <= first && matches(filterAt(first), release) && matches(filterAt(last), release);
  if (isMatched && exportedUntil !== null && last < exportedUntil) return "taken";
  return again.length > 0 || (isMatched && (until === null || last < until)) ? "coming" : "stranded";
}

/** An alarm for each group of regions with keys that no export takes. */
export function judgeReleases(
  releases: readonly Release[],
  exports: readonly WatchedExport[],
  now: UnixSeconds,
): Alarm[] {
  const stranded = releases.filter(
    (release) => release.last > now - MATTERS_SECONDS && fateOf(release, exports) === "stranded",
  );
  const groups = Map.groupBy(stranded, ({ regions }) => regions.toSorted().join(","));
  return [...groups].map(([name, group]) => {
    const keys = group.reduce((sum, release) => sum + release.keys, 0);
    const first = Math.min(...group.map((release) => release.first));
    return {
      kind: "exposures",
      name,
      reason: "watch_keys_unexported",
      state: "broken",
      detail: `${keys} accepted ${keys === 1 ? "key" : "keys"} of region ${name}, released from ${isoTime(first)} on: no export takes them, so that no phone gets them`,
      remedy: remedyFor(group, first, exports),
      since: Math.min(first, now),
    };
  });
}

function remedyFor(group: readonly Release[], first: UnixSeconds, exports: readonly WatchedExport[]): string {
  const [sample] = group;
  const regions = [...new Set(group.flatMap((release) => release.regions))].toSorted();
  const running = exports.filter(({ endedAt }) => endedAt === null);
  const taking = running.find((one) => sample !== undefined && matches(one.filter, sample));
  const again = (name: string) => `enks export backfill ${shellWord(name)} --from ${isoTime(first)}`;
  if (taking !== undefined) {
    const isEnding = taking.until !== null && group.some(({ last }) => taking.until !== null && last >= taking.until);
    return isEnding ? `enks export change ${shellWord(taking.name)} --thru never` : again(taking.name);
  }
  const resumable = exports.find((one) => one.until !== null && one.until <= first && matchesAll(one, group));
  if (resumable !== undefined) return `enks export continue ${shellWord(resumable.name)}`;
  const [wider] = running.filter(({ filter }) => !regions.some((region) => filter.excludeRegions.includes(region)));
  if (wider !== undefined) {
    const include = [...new Set([...wider.filter.includeRegions, ...regions])].join(",");
    return `Where phones of ${wider.location} are to get them: enks export change ${shellWord(wider.name)} --include ${shellWord(include)} && ${again(wider.name)}`;
  }
  const ended = exports.find((one) => sample !== undefined && matches(one.filter, sample)) ?? exports[0];
  const location = ended === undefined ? "<location>" : shellWord(ended.location);
  const region = ended?.region ?? regions[0] ?? "<region>";
  const include = ended === undefined || matchesAll(ended, group) ? "" : ` --include ${shellWord(regions.join(","))}`;
  return `enks export create <name> --location ${location} --region ${shellWord(region)}${include} --backfill 14d`;
}

function matchesAll(one: WatchedExport, group: readonly Release[]): boolean {
  return group.every((release) => matches(one.filter, release));
}
