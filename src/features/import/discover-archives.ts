// Reads a source's index and adds the archives that are new; whatever the index answers, nothing is ever discarded.

import { compareListings, type Suspicion } from "../../archive/listing/compare-listings.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { fetchListing, type Listing, NO_VALIDATORS } from "../upstreams/fetch-listing.ts";
import { noteFinalLook, readUpstream, writeCheck, writeListing } from "../upstreams/queries.ts";
import * as events from "./events.ts";
import { fetchDeps, type ImportDeps, type ImportSource } from "./import-types.ts";
import { countUnfinished, countUnknownLines, readListedLines, recordLines, recordVanished } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";

export interface Discovery {
  /** `overtaken`: another check ended meanwhile, or the index moved, and this one was dropped. */
  readonly outcome: "listed" | "unchanged" | "suspicious" | "failed" | "overtaken";
  /** Why it failed or what was suspicious. */
  readonly code: string | null;
  readonly added: number;
}

/**
 * One conditional request for the index. What is wrong with the index or its server is recorded and answered; only
 * trouble with the database rejects.
 */
export async function discoverArchives(deps: ImportDeps, source: ImportSource, now: UnixSeconds): Promise<Discovery> {
  const { checkCount, etag, lastModified } = (await readUpstream(deps.database.db, source.upstreamId)).check;
  let listing: Listing | "unchanged";
  try {
    listing = await fetchListing(fetchDeps(deps), source, { etag, lastModified });
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    events.reportIndexFailed(deps.report, source, code, String(error));
    return recordOutcome(deps, source, checkCount, { outcome: "failed", code, now });
  }
  if (listing === "unchanged") {
    return recordOutcome(deps, source, checkCount, { outcome: "unchanged", code: null, now });
  }
  return recordListing(deps, source, checkCount, listing, now);
}

async function recordOutcome(
  { database }: ImportDeps,
  source: ImportSource,
  checkCount: number,
  check: { outcome: "unchanged" | "failed"; code: string | null; now: UnixSeconds },
): Promise<Discovery> {
  const isWritten = await database.transaction(async (tx) => {
    if (!(await writeCheck(tx, source, checkCount, check))) return false;
    if (check.outcome === "unchanged") await noteFinalLook(tx, source.upstreamId, check.now);
    return true;
  });
  return { outcome: isWritten ? check.outcome : "overtaken", code: check.code, added: 0 };
}

async function recordListing(
  { database, report, settings }: ImportDeps,
  source: ImportSource,
  checkCount: number,
  listing: Listing,
  now: UnixSeconds,
): Promise<Discovery> {
  const { lines, refusedLines } = listing;
  const recorded = await database.transaction(async (tx) => {
    await lockSource(tx, source.id);
    const { vanished, suspicion: loss } = compareListings(await readListedLines(tx, source.id), lines);
    const room = Math.max(0, settings.maxUnfinished - (await countUnfinished(tx, source.id)));
    const isTooMuch = (await countUnknownLines(tx, source.id, lines)) > room;
    const suspicion = loss ?? (isTooMuch ? "index_too_many_new" : null);
    const outcome = suspicion === null ? "listed" : "suspicious";
    if (!(await writeCheck(tx, source, checkCount, { outcome, code: suspicion, now }))) return null;
    const validators = suspicion === null ? listing : NO_VALIDATORS;
    await writeListing(tx, source.upstreamId, { ...validators, refusedLines });
    if (suspicion === null) await noteFinalLook(tx, source.upstreamId, now);
    const added = await recordLines(tx, source.id, lines, now, room);
    // An empty index says nothing about what was listed.
    if (loss !== "index_empty") await recordVanished(tx, source.id, vanished);
    return { suspicion, added, vanished: vanished.length };
  });
  if (recorded === null) return { outcome: "overtaken", code: null, added: 0 };
  reportRecorded(report, source, { ...recorded, lines: lines.length, refused: refusedLines.length });
  const { suspicion, added } = recorded;
  return { outcome: suspicion === null ? "listed" : "suspicious", code: suspicion, added };
}

function reportRecorded(
  report: ImportDeps["report"],
  source: ImportSource,
  {
    suspicion,
    ...counts
  }: {
    suspicion: Suspicion | null;
    lines: number;
    added: number;
    vanished: number;
    refused: number;
  },
): void {
  if (suspicion === null) events.reportListed(report, source, counts);
  else events.reportSuspicious(report, source, { code: suspicion, ...counts });
}
