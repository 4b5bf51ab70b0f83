// The SQL of the release horizon: the instant up to which windows are closed, and the generations of saves before it.
//
// A save locks the current generation, shared, and then looks again: unless a new one was begun meanwhile, the horizon
// that it sees holds until it ends. Whoever moves the horizon begins a new generation in the same commit, so that later
// saves see the new horizon, and waits only for those that hold an older one. Nobody ever waits for him.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";

export interface Horizon {
  /** Nothing may be released before it any more. */
  readonly closedUntil: UnixSeconds;
  readonly generation: number;
  /** Of this generation, and of those before it, no save is under way any more. */
  readonly drainedGeneration: number;
}

export interface HeldHorizon {
  /** Until the transaction ends it is waited for by everybody who closes further windows. */
  readonly closedUntil: UnixSeconds;
  /** Whether any revision waits for its original. */
  readonly hasAwaited: boolean;
}

const lockOf = (generation: RawBuilder<unknown>) =>
  sql`hashtextextended('release_horizon ' || current_schema() || ' ' || ${generation}, 0)`;

/**
 * Holds the horizon where it is for what the transaction releases, and evaluates `beside` on the same way. Never waits:
 * where a new generation was begun between the two looks, it goes on with that one.
 */
export async function holdHorizon(tx: Db, beside: RawBuilder<unknown>): Promise<HeldHorizon> {
  // By the index, or what this costs would seem worth compiling.
  const lock = sql`
    select generation as locked, pg_try_advisory_xact_lock_shared(${lockOf(sql.ref("generation"))}) as is_held, ${beside}
    from release_horizon where only_row`;
  // Two statements on one way: the second sees what was committed before the first had the lock.
  const look = sql`
    select closed_until, generation, exists (select from awaited_revision) as has_awaited
    from release_horizon where only_row`;
  for (;;) {
    const { rows } = await sql<{
      locked?: number;
      is_held?: boolean;
      generation?: number;
      closed_until?: number;
      has_awaited?: boolean;
    }>`${lock}; ${look}`.execute(tx);
    const [locked, seen] = rows;
    if (locked?.is_held === true && locked.locked === seen?.generation) {
      return { closedUntil: seen?.closed_until ?? 0, hasAwaited: seen?.has_awaited ?? false };
    }
  }
}

/** Moves the horizon forward to `end` and begins a new generation; where it is there already, nothing. One statement. */
export async function raiseHorizon(db: Db, end: UnixSeconds): Promise<void> {
  await sql`
    update release_horizon set closed_until = ${end}, generation = generation + 1
    where only_row and closed_until < ${end}`.execute(db);
}

/**
 * Takes back what a clock that was ahead has closed: where the horizon lies behind `ahead`, it goes back to `until` and a
 * new generation begins. A save of an older one may still release behind the old horizon; it waits for nothing. Answers
 * the horizon now. What was exported behind `until` meanwhile is for the caller to take back: keys land there again.
 */
export async function reopenWindows(
  tx: Db,
  until: UnixSeconds,
  ahead: UnixSeconds,
): Promise<{ closedUntil: UnixSeconds; isLowered: boolean }> {
  // Nobody closes a window until this transaction ends, whether the horizon is lowered or not.
  await sql`select closed_until from release_horizon where only_row for update`.execute(tx);
  const lowered = await sql`
    update release_horizon set closed_until = ${until}::bigint, generation = generation + 1
    where only_row and closed_until > ${ahead}::bigint`.execute(tx);
  const { closedUntil } = await readHorizon(tx);
  return { closedUntil, isLowered: Number(lowered.numAffectedRows ?? 0) === 1 };
}

export async function readHorizon(db: Db): Promise<Horizon> {
  const { rows } = await sql<{ closed_until: number; generation: number; drained_generation: number }>`
    select closed_until, generation, drained_generation from release_horizon where only_row`.execute(db);
  const row = rows[0];
  return {
    closedUntil: row?.closed_until ?? 0,
    generation: row?.generation ?? 0,
    drainedGeneration: row?.drained_generation ?? 0,
  };
}

/** Whether no save of a generation up to `last` is under way any more; looks, and does not wait. Of old ones only. */
export async function areDrained(db: Db, last: number): Promise<boolean> {
  const each = lockOf(sql.ref("each"));
  const { rows } = await sql<{ drained: boolean }>`
    select bool_and(pg_try_advisory_xact_lock(${each})) as drained
    from release_horizon, generate_series(drained_generation + 1, ${last}::bigint) as each`.execute(db);
  return rows[0]?.drained ?? true;
}

export async function noteDrained(db: Db, last: number): Promise<void> {
  await sql`
    update release_horizon set drained_generation = ${last}
    where only_row and drained_generation < ${last} and ${last}::bigint < generation`.execute(db);
}
