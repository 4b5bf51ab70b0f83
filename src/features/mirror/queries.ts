// The SQL on mirrors and what they have handed over.

import { type Generated, type Selectable, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { insertUpstream, readUpstreams } from "../upstreams/queries.ts";
import { isAnySkipped } from "../upstreams/skip-queries.ts";
import type { Upstream } from "../upstreams/upstream-types.ts";
import type { Mirror, MirrorSettings, TakenArchive } from "./mirror-types.ts";

type MirrorTables = {
  mirror: {
    id: Generated<number>;
    upstream_id: number;
    name: string;
    location: string;
    method: "copy" | "reseal";
    region: string;
    max_records: number;
    history_done_at: number | null;
    next_position: Generated<number>;
    last_run_at: number | null;
    last_ok_at: number | null;
    last_error: string | null;
  };
  mirror_archive: {
    mirror_id: number;
    position: number;
    line: string;
    digest: string;
    end_at: number;
    location_line: string | null;
    taken_at: number;
    primaries: number;
    revised: number;
    left_out: number;
    refused: number;
  };
};

const tables = (db: Db) => db.withTables<MirrorTables>();

/** Answers the id of the server that it follows; null, and nothing is written, when there is a mirror of this name. */
export async function insertMirror(tx: Db, settings: MirrorSettings): Promise<number | null> {
  if ((await readMirror(tx, settings.name)) !== undefined) return null;
  const upstreamId = await insertUpstream(tx, settings);
  await tables(tx)
    .insertInto("mirror")
    .values({
      upstream_id: upstreamId,
      name: settings.name,
      location: settings.location,
      method: settings.method,
      region: settings.region,
      max_records: settings.maxRecords,
      history_done_at: null,
      last_run_at: null,
      last_ok_at: null,
      last_error: null,
    })
    .execute();
  return upstreamId;
}

export async function readMirrors(db: Db): Promise<Mirror[]> {
  return withUpstreams(db, await tables(db).selectFrom("mirror").selectAll().orderBy("id").execute());
}

export async function readMirror(db: Db, name: string): Promise<Mirror | undefined> {
  const rows = await tables(db).selectFrom("mirror").selectAll().where("name", "=", name).execute();
  return (await withUpstreams(db, rows))[0];
}

/** Notes how a run ended; `error` null: well. */
export async function noteRun(db: Db, id: number, now: UnixSeconds, error: string | null): Promise<void> {
  await tables(db)
    .updateTable("mirror")
    .set({ last_run_at: now, last_error: error, ...(error === null ? { last_ok_at: now } : {}) })
    .where("id", "=", id)
    .execute();
}

/** Lines handed over so far, in that order, and where their windows end. */
export async function readTakenLines(db: Db, mirrorId: number): Promise<{ line: string; end: UnixSeconds }[]> {
  return tables(db)
    .selectFrom("mirror_archive")
    .select(["line", "end_at as end"])
    .where("mirror_id", "=", mirrorId)
    .orderBy("position")
    .execute();
}

export async function isTaken(db: Db, mirrorId: number, line: string): Promise<boolean> {
  const row = await tables(db)
    .selectFrom("mirror_archive")
    .select("position")
    .where("mirror_id", "=", mirrorId)
    .where("line", "=", line)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Records archives as taken; false when another worker has gone on meanwhile, or one of them is to be skipped since: then
 * the transaction is not to be committed.
 */
export async function recordTaken(
  tx: Db,
  mirror: Mirror,
  taken: readonly TakenArchive[],
  now: UnixSeconds,
  historyDone: boolean,
): Promise<boolean> {
  const advanced = await tables(tx)
    .updateTable("mirror")
    .set({
      next_position: mirror.nextPosition + taken.length,
      history_done_at: historyDone ? (mirror.historyDoneAt ?? now) : mirror.historyDoneAt,
    })
    .where("id", "=", mirror.id)
    .where("next_position", "=", mirror.nextPosition)
    .executeTakeFirst();
  if (advanced.numUpdatedRows !== 1n) return false;
  const lines = taken.map(({ line }) => line);
  if (await isAnySkipped(tx, mirror.upstreamId, lines)) return false;
  for (const [at, archive] of taken.entries()) {
    await tables(tx)
      .insertInto("mirror_archive")
      .values({
        mirror_id: mirror.id,
        position: mirror.nextPosition + at,
        line: archive.line,
        digest: archive.digest,
        // A window in the future would look like one that cannot have expired.
        end_at: Math.min(archive.end, now),
        location_line: archive.locationLine,
        taken_at: now,
        primaries: archive.primaries,
        revised: archive.revised,
        left_out: archive.leftOut,
        refused: archive.refused,
      })
      .execute();
  }
  return true;
}

/** What a mirror has handed over, of the lines that it still remembers. */
export async function readMirrorTotals(
  db: Db,
  name: string,
): Promise<{ archives: number; skipped: number; primaries: number; revised: number; leftOut: number }> {
  const { rows } = await sql<{
    archives: number;
    skipped: number;
    primaries: number;
    revised: number;
    leftOut: number;
  }>`
    select count(distinct location_line) as archives,
      count(*) filter (where location_line is null) as skipped,
      coalesce(sum(primaries), 0)::bigint as primaries,
      coalesce(sum(revised), 0)::bigint as revised,
      coalesce(sum(left_out), 0)::bigint as "leftOut"
    from mirror_archive join mirror on mirror.id = mirror_id
    where mirror.name = ${name}`.execute(db);
  return rows[0] ?? { archives: 0, skipped: 0, primaries: 0, revised: 0, leftOut: 0 };
}

/** Forgets lines taken before `cutoff` that stand before the first one that the source still lists. */
export async function forgetHead(
  db: Db,
  mirrorId: number,
  cutoff: UnixSeconds,
  listed: readonly string[],
): Promise<void> {
  await sql`
    delete from mirror_archive
    where mirror_id = ${mirrorId} and taken_at < ${cutoff} and position < (
      select min(position) from mirror_archive where mirror_id = ${mirrorId} and line = any(${listed}::text[])
    )`.execute(db);
}

async function withUpstreams(db: Db, rows: readonly Selectable<MirrorTables["mirror"]>[]): Promise<Mirror[]> {
  const found = await readUpstreams(
    db,
    rows.map((row) => row.upstream_id),
  );
  return rows.flatMap((row) => {
    const followed = found.get(row.upstream_id);
    return followed === undefined ? [] : [toMirror(row, followed.upstream)];
  });
}

function toMirror(row: Selectable<MirrorTables["mirror"]>, upstream: Upstream): Mirror {
  return {
    ...upstream,
    id: row.id,
    name: row.name,
    location: row.location,
    method: row.method,
    region: row.region,
    maxRecords: row.max_records,
    historyDoneAt: row.history_done_at,
    nextPosition: row.next_position,
    lastOkAt: row.last_ok_at,
    lastError: row.last_error,
  };
}
