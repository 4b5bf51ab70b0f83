// Writing our index again where another program has rewritten it: on an operator's word, and only over what was looked at.

import { writeIndexText } from "../../archive/index-text.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { headersOf } from "../../platform/blobs/object-headers.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";
import { listedArchives } from "./plan-index.ts";
import { readArchives } from "./queries.ts";
import { readPublishedIndex, requireLocation } from "./reconcile-index.ts";

export interface IndexDifference {
  /** Of the published index; null where there is none. */
  readonly version: string | null;
  /** The lines of our index. */
  readonly ours: readonly string[];
  /** Published, and none of ours. */
  readonly foreign: readonly string[];
  /** Of ours, and not published. */
  readonly missing: readonly string[];
  /** Whether the lines that both have stand in the same order. */
  readonly sameOrder: boolean;
}

/** Throws `location_unknown`, `location_not_adopted`. */
export async function readDifference(
  deps: Pick<LocationDeps, "database" | "blobs">,
  name: string,
): Promise<IndexDifference> {
  const location = await requireLocation(deps, name);
  if (!location.ours) throw notOurs(location);
  const published = await readPublishedIndex(deps, location);
  const ours = listedArchives(await readArchives(deps.database.db, location.id)).map(({ line }) => line);
  return { version: published?.version ?? null, ...compareLines(ours, published?.lines ?? []) };
}

export function compareLines(ours: readonly string[], published: readonly string[]): Omit<IndexDifference, "version"> {
  const [inOurs, inPublished] = [new Set(ours), new Set(published)];
  const common = published.filter((line) => inOurs.has(line));
  const commonOfOurs = ours.filter((line) => inPublished.has(line));
  return {
    ours,
    foreign: published.filter((line) => !inOurs.has(line)),
    missing: ours.filter((line) => !inPublished.has(line)),
    sameOrder: common.length === commonOfOurs.length && common.every((line, at) => line === commonOfOurs[at]),
  };
}

/**
 * Replaces the index of `version` (null: there is none) by ours. Throws as `readDifference`; `location_index_changed` where
 * the published one is another by now, `location_archive_missing` where an archive of ours is not there.
 */
export async function restoreIndex(
  deps: Pick<LocationDeps, "database" | "blobs" | "report">,
  name: string,
  version: string | null,
): Promise<IndexDifference> {
  const location = await requireLocation(deps, name);
  const difference = await readDifference(deps, name);
  if (difference.version !== version) throw changedMeanwhile(location);
  if (difference.ours.length === 0) throw notOurs(location);
  await requireArchives(deps, location, difference.ours);
  const text = new TextEncoder().encode(writeIndexText(difference.ours));
  const condition = version === null ? { ifAbsent: true as const } : { ifVersion: version };
  try {
    await deps.blobs.put(location.indexObject, text, { ...headersOf(location.indexObject), ...condition });
  } catch (error) {
    throw codeOf(error) === "blob_conflict" ? changedMeanwhile(location) : error;
  }
  deps.report({ event: "location.index-restored", level: "warn", location: name, lines: difference.ours.length });
  return difference;
}

/** An index with a line that leads nowhere would stop every phone behind it. */
async function requireArchives(
  { blobs }: Pick<LocationDeps, "blobs">,
  { basePrefix }: Location,
  lines: readonly string[],
): Promise<void> {
  const there = new Set(await blobs.list(basePrefix));
  const missing = lines.find((line) => !there.has(basePrefix + line));
  if (missing === undefined) return;
  throw new CodedError<LocationErrorCode>(
    "location_archive_missing",
    `our index lists "${missing}", and there is no object "${basePrefix}${missing}"`,
    { remedy: "Put the archive back from a backup; nothing was written." },
  );
}

function notOurs({ name }: Location): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_not_adopted",
    `this server has no index of "${name}" to compare with`,
    {
      remedy: `Adopt the location, if another program wrote its tree: enks location adopt ${name}`,
    },
  );
}

function changedMeanwhile({ name }: Location): CodedError {
  return new CodedError<LocationErrorCode>("location_index_changed", `the index of "${name}" has changed meanwhile`, {
    remedy: "End the other program that writes it, and look at the difference again.",
  });
}
