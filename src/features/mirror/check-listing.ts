// A mirror's look at the listing of the server that it follows, and the record of it.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { fetchListing, type Listing, NO_VALIDATORS } from "../upstreams/fetch-listing.ts";
import { readUpstream, writeCheck, writeListing } from "../upstreams/queries.ts";
import { type FoundLines, writeFoundLines } from "./line-queries.ts";
import type { Mirror, MirrorDeps } from "./mirror-types.ts";

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

/** `code`: why the listing is not believed; null: it is. Until everything is taken, the next look reads it in whole. */
export async function recordLook(
  { database }: MirrorDeps,
  mirror: Mirror,
  { listing: { refusedLines }, checkCount }: Look,
  found: FoundLines,
  code: string | null,
  now: UnixSeconds,
): Promise<void> {
  await database.transaction(async (tx) => {
    const outcome = code === null ? "listed" : "suspicious";
    if (!(await writeCheck(tx, mirror, checkCount, { outcome, code, now }))) return;
    await writeListing(tx, mirror.upstreamId, { ...NO_VALIDATORS, refusedLines });
    await writeFoundLines(tx, mirror.id, found);
  });
}

/** Everything that was listed is taken: as long as the server says that nothing has changed, nothing is to be done. */
export async function recordAllTaken(
  { database: { db } }: MirrorDeps,
  mirror: Mirror,
  { listing }: Look,
): Promise<void> {
  await writeListing(db, mirror.upstreamId, listing);
}
