// All SQL of the watch: looks, lines, alarms, and releases that no export is known to have taken.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Alarm, Look, Release, SeenLine } from "./watch-types.ts";

/** All looks, by location. */
export async function readLooks(db: Db): Promise<Look[]> {
  const { rows } = await sql<Look>`
    select location, looked_at as "lookedAt", outcome, code, since_at as "since", seen_at as "seenAt", etag,
      last_modified as "lastModified", behind_line as "behindLine", behind_since_at as "behindSince"
    from watch_look order by location collate "C"`.execute(db);
  return rows;
}

export async function readLook(db: Db, location: string): Promise<Look | null> {
  return (await readLooks(db)).find((look) => look.location === location) ?? null;
}

export async function writeLook(db: Db, look: Look): Promise<void> {
  await sql`
    insert into watch_look (location, looked_at, outcome, code, since_at, seen_at, etag, last_modified, behind_line,
      behind_since_at)
    values (${look.location}, ${look.lookedAt}, ${look.outcome}, ${look.code}, ${look.since}, ${look.seenAt}::bigint,
      ${look.etag}, ${look.lastModified}, ${look.behindLine}, ${look.behindSince}::bigint)
    on conflict (location) do update set looked_at = excluded.looked_at, outcome = excluded.outcome,
      code = excluded.code, since_at = excluded.since_at, seen_at = excluded.seen_at, etag = excluded.etag,
      last_modified = excluded.last_modified, behind_line = excluded.behind_line,
      behind_since_at = excluded.behind_since_at`.execute(db);
}

/** The lines of the index that was seen last, in its order. */
export async function readSeenLines(db: Db, location: string): Promise<SeenLine[]> {
  const { rows } = await sql<SeenLine>`
    select line, digest, etag, last_modified as "lastModified", looked_at as "lookedAt", code,
      failed_since_at as "failedSince"
    from watch_line where location = ${location} order by position`.execute(db);
  return rows;
}

/** The index has these lines now; what is known of those that stay is kept. */
export async function replaceLines(tx: Db, location: string, lines: readonly string[]): Promise<void> {
  await sql`delete from watch_line where location = ${location} and line <> all(${lines}::text[])`.execute(tx);
  await sql`
    insert into watch_line (location, line, position)
    select ${location}, line, position from unnest(${lines}::text[]) with ordinality as listed (line, position)
    on conflict (location, line) do update set position = excluded.position`.execute(tx);
}

/** What a look at the archive of a line has found. */
export async function writeSeenLine(db: Db, location: string, seen: SeenLine): Promise<void> {
  await sql`
    update watch_line set digest = ${seen.digest}, etag = ${seen.etag}, last_modified = ${seen.lastModified},
      looked_at = ${seen.lookedAt}::bigint, code = ${seen.code}, failed_since_at = ${seen.failedSince}::bigint
    where location = ${location} and line = ${seen.line}`.execute(db);
}

export type StoredAlarm = Alarm & { readonly round: string };

/** All alarms, the gravest first. */
export async function readAlarms(db: Db): Promise<StoredAlarm[]> {
  const { rows } = await sql<StoredAlarm>`
    select round, kind, name, reason, state, detail, remedy, since_at as "since"
    from watch_alarm order by state, since_at, kind, name collate "C", reason`.execute(db);
  return rows;
}

/** Takes the place of what was there under its key, except since when. */
export async function writeAlarm(tx: Db, round: string, alarm: Alarm): Promise<void> {
  await sql`
    insert into watch_alarm (round, kind, name, reason, state, detail, remedy, since_at)
    values (${round}, ${alarm.kind}, ${alarm.name}, ${alarm.reason}, ${alarm.state}, ${alarm.detail}, ${alarm.remedy},
      ${alarm.since}::bigint)
    on conflict (round, kind, name, reason) do update set state = excluded.state, detail = excluded.detail,
      remedy = excluded.remedy`.execute(tx);
}

export async function deleteAlarm(tx: Db, round: string, { kind, name, reason }: Alarm): Promise<void> {
  await sql`
    delete from watch_alarm
    where round = ${round} and kind = ${kind} and name = ${name} and reason = ${reason}`.execute(tx);
}

/** Locks what is counted until the transaction ends, so that rounds follow each other. */
export async function lockCountedUntil(tx: Db): Promise<UnixSeconds> {
  const { rows } = await sql<{ until: UnixSeconds }>`
    select counted_until as "until" from watch_progress for update`.execute(tx);
  return rows[0]?.until ?? 0;
}

export async function writeCountedUntil(tx: Db, until: UnixSeconds): Promise<void> {
  await sql`update watch_progress set counted_until = ${until}::bigint`.execute(tx);
}

export async function readReleases(db: Db): Promise<Release[]> {
  const { rows } = await sql<Release>`
    select hour_start as "hour", regions, traveler, first_at as "first", last_at as "last", keys
    from watch_release order by hour_start, regions, traveler`.execute(db);
  return rows;
}

/** These are all that are counted and not taken. */
export async function replaceReleases(tx: Db, releases: readonly Release[]): Promise<void> {
  await sql`delete from watch_release`.execute(tx);
  const rows = JSON.stringify(releases);
  await sql`
    insert into watch_release (hour_start, regions, traveler, first_at, last_at, keys)
    select hour, regions, traveler, first, last, keys
    from jsonb_to_recordset(${rows}::text::jsonb)
      as release (hour bigint, regions text[], traveler boolean, first bigint, last bigint, keys bigint)`.execute(tx);
}
