// The SQL that shows mirrors to people, and keeps what their source listed last.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { countSkipped } from "../upstreams/skip-queries.ts";
import { readTrusted } from "../upstreams/trust-queries.ts";
import { countOpenLosses } from "./loss-queries.ts";
import type { MirrorOverview, MirrorTotals } from "./mirror-types.ts";
import { readMirror, readMirrors } from "./queries.ts";

/** Of a listing that is believed: `waiting` of its lines are to be taken from `nextPosition` on. */
export async function noteListing(
  db: Db,
  mirror: { readonly id: number; readonly nextPosition: number },
  listing: { readonly waiting: number; readonly newestEnd: UnixSeconds | null },
  now: UnixSeconds,
): Promise<void> {
  await sql`
    update mirror set listed_at = ${now}::bigint, listed_end_at = ${listing.newestEnd}::bigint,
      target_position = ${mirror.nextPosition + listing.waiting}::bigint
    where id = ${mirror.id}::bigint`.execute(db);
}

/** The listing is as it was when everything in it had been taken. */
export async function noteUnchanged(db: Db, mirrorId: number, now: UnixSeconds): Promise<void> {
  await sql`update mirror set listed_at = ${now}::bigint where id = ${mirrorId}::bigint`.execute(db);
}

interface Progress extends MirrorTotals {
  readonly id: number;
  readonly lastRunAt: UnixSeconds | null;
  readonly listedAt: UnixSeconds | null;
  readonly listedEnd: UnixSeconds | null;
  readonly targetPosition: number | null;
  readonly newestTakenEnd: UnixSeconds | null;
  readonly lastTakenAt: UnixSeconds | null;
}

/** All mirrors or the one of this name, by name, with five queries however many there are. */
export async function readMirrorOverviews(db: Db, name: string | null): Promise<MirrorOverview[]> {
  const mirrors = name === null ? await readMirrors(db) : [await readMirror(db, name)];
  const progress = new Map((await readProgress(db, isNamed(name))).map((row) => [row.id, row]));
  const upstreamIds = mirrors.flatMap((mirror) => mirror?.upstreamId ?? []);
  const trusted = await readTrusted(db, upstreamIds);
  const skipped = await countSkipped(db, upstreamIds);
  const lost = await countOpenLosses(db);
  return mirrors
    .flatMap((mirror) => {
      const about = mirror && progress.get(mirror.id);
      if (!mirror || !about) return [];
      const { upstreamId } = mirror;
      const [skippedLines, trustedKeys] = [skipped.get(upstreamId) ?? 0, trusted.get(upstreamId) ?? []];
      return [{ mirror, ...shown(about), skippedLines, lostArchives: lost.get(mirror.id) ?? 0, trustedKeys }];
    })
    .toSorted((left, right) => (left.mirror.name < right.mirror.name ? -1 : 1));
}

async function readProgress(db: Db, isChosen: RawBuilder<unknown>): Promise<Progress[]> {
  const { rows } = await sql<Progress>`
    select id, last_run_at as "lastRunAt", listed_at as "listedAt", listed_end_at as "listedEnd",
      target_position as "targetPosition",
      max(end_at) as "newestTakenEnd", max(taken_at) as "lastTakenAt", count(position) as "taken",
      count(distinct location_line) as "archives",
      coalesce(sum(primaries), 0)::bigint as "primaries", coalesce(sum(revised), 0)::bigint as "revised",
      coalesce(sum(left_out), 0)::bigint as "leftOut", coalesce(sum(refused), 0)::bigint as "refused"
    from mirror left join mirror_archive on mirror_id = id
    where ${isChosen}
    group by id`.execute(db);
  return rows;
}

function isNamed(name: string | null): RawBuilder<unknown> {
  return sql`(${name}::text is null or mirror.name = ${name}::text)`;
}

function shown(progress: Progress): Omit<MirrorOverview, "mirror" | "skippedLines" | "lostArchives" | "trustedKeys"> {
  const { lastRunAt, listedAt, listedEnd, targetPosition, newestTakenEnd, lastTakenAt } = progress;
  const { taken, archives, primaries, revised, leftOut, refused } = progress;
  const totals = { taken, archives, primaries, revised, leftOut, refused };
  return { lastRunAt, listedAt, listedEnd, targetPosition, newestTakenEnd, lastTakenAt, totals };
}

export interface HandedOver {
  readonly position: number;
  readonly line: string;
  readonly digest: string;
  readonly end: UnixSeconds;
  readonly locationLine: string | null;
  readonly takenAt: UnixSeconds;
  readonly primaries: number;
  readonly revised: number;
  readonly leftOut: number;
  readonly refused: number;
}

/** A page of what a mirror has handed over, the last first, from below `beforePosition` (null: from the last). */
export async function readHandedOver(
  db: Db,
  mirrorId: number,
  beforePosition: number | null,
  limit: number,
): Promise<HandedOver[]> {
  const { rows } = await sql<HandedOver>`
    select position, line, digest, end_at as "end", location_line as "locationLine", taken_at as "takenAt", primaries,
      revised, left_out as "leftOut", refused
    from mirror_archive
    where mirror_id = ${mirrorId}::bigint
      and (${beforePosition}::bigint is null or position < ${beforePosition}::bigint)
    order by position desc
    limit ${limit}::bigint`.execute(db);
  return rows;
}
