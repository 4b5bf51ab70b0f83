// A mirror's look at the listing of the server that it follows, and the record of it.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { fetchListing, type Listing, NO_VALIDATORS } from "../upstreams/fetch-listing.ts";
import { readUpstream, writeCheck, writeListing } from "../upstreams/queries.ts";
import { readWaitingLines, writeWaitingLines } from "./line-queries.ts";
import { noteLosses } from "./loss-queries.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode } from "./mirror-types.ts";
import type { SyncPlan } from "./plan-sync.ts";

const SHRANK: MirrorErrorCode = "mirror_source_shrank";

export interface Look {
  readonly listing: Listing;
  /** What `recordLook` has to know. */
  readonly checkCount: number;
}

/**
 * The listing as it is now; null where it is as it was when everything listed had been taken. Throws
 * CodedError<ListingErrorCode | FetchErrorCode>, which is recorded.
 */
export async function lookAtListing(deps: MirrorDeps, mirror: Mirror, now: UnixSeconds): Promise<Look | null> {
  const { db } = deps.database;
  const { checkCount, ...last } = (await readUpstream(db, mirror.upstreamId)).check;
  try {
    const listing = await fetchListing(deps, mirror, last);
    if (listing !== "unchanged") return { listing, checkCount };
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined) await writeCheck(db, mirror, checkCount, { outcome: "failed", code, now });
    throw error;
  }
  await writeCheck(db, mirror, checkCount, { outcome: "unchanged", code: null, now });
  return null;
}

/**
 * With what it missed: lines that waited and are gone unless the listing is not believed, and lines that were taken and
 * cannot have expired. Until everything is taken, the next look reads it in whole.
 */
export async function recordLook(
  { database, report }: MirrorDeps,
  mirror: Mirror,
  { listing: { listed, refusedLines }, checkCount }: Look,
  { kind, waiting, lost }: SyncPlan,
  skipped: ReadonlySet<string>,
  now: UnixSeconds,
): Promise<void> {
  const untaken = await database.transaction(async (tx) => {
    const isBelieved = kind === "take";
    const [outcome, code] = isBelieved ? (["listed", null] as const) : (["suspicious", SHRANK] as const);
    if (!(await writeCheck(tx, mirror, checkCount, { outcome, code, now }))) return [];
    await writeListing(tx, mirror.upstreamId, { ...NO_VALIDATORS, refusedLines });
    const before = isBelieved ? await readWaitingLines(tx, mirror.id) : [];
    const stillListed = new Set(listed);
    const gone = before.filter((line) => !stillListed.has(line) && !skipped.has(line));
    if (isBelieved) await writeWaitingLines(tx, mirror.id, waiting);
    await noteLosses(tx, mirror.id, { taken: lost, untaken: gone }, listed, now);
    return gone;
  });
  if (untaken.length === 0) return;
  const [line] = untaken;
  report({ event: "mirror.archives-withdrawn", level: "error", mirror: mirror.name, archives: untaken.length, line });
}

/** Everything that was listed is taken: as long as the server says that nothing has changed, nothing is to be done. */
export async function recordAllTaken(
  { database: { db } }: MirrorDeps,
  mirror: Mirror,
  { listing }: Look,
): Promise<void> {
  await writeListing(db, mirror.upstreamId, listing);
}
