// Saves and closers of windows in every order, step by step, on real connections: a key never lands in a window that was
// read, whoever freezes or dies in between, and no save ever waits for a closer.

import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
} from "fast-check";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { closeWindows } from "../../src/features/exposures/close-windows.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { databaseOverSessions } from "../../src/platform/database/database-over-sessions.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { openPostgresSessions } from "../../src/platform/database/postgres/open-postgres-database.ts";
import type { Session, Sessions } from "../../src/platform/database/sessions.ts";
import { releasedBetween, saveIn } from "../support/exposure-world.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { takePostgres } from "../support/postgres-schemas.ts";

const SAVERS = 4;
const hour = integer({ min: 1, max: 8 });
const saver = integer({ min: 0, max: SAVERS - 1 });

type Step =
  /** Reads the current generation, and stops before it locks it. */
  | { readonly kind: "begin"; readonly saver: number; readonly hour: number }
  /** Locks it, and stops before it looks again. */
  | { readonly kind: "lock"; readonly saver: number }
  /** Looks, and saves its key. */
  | { readonly kind: "save"; readonly saver: number }
  | { readonly kind: "end"; readonly saver: number; readonly how: "commits" | "rolls back" | "is ended by the server" }
  /** A closer goes as far as it comes: it has closed, and reads, or it waits. */
  | { readonly kind: "close"; readonly hour: number }
  /** It dies behind so many of its statements. */
  | { readonly kind: "close and die"; readonly hour: number; readonly statements: number }
  /** Those that wait look again. */
  | { readonly kind: "look again" };

const anyStep: Arbitrary<Step> = oneof(
  record({ kind: constant("begin" as const), saver, hour }),
  record({ kind: constant("lock" as const), saver }),
  record({ kind: constant("save" as const), saver }),
  record({
    kind: constant("end" as const),
    saver,
    how: constantFrom("commits" as const, "commits" as const, "rolls back" as const, "is ended by the server" as const),
  }),
  record({ kind: constant("close" as const), hour }),
  record({ kind: constant("close and die" as const), hour, statements: integer({ min: 1, max: 4 }) }),
  constant({ kind: "look again" as const }),
);

describe.skipIf(inject("postgresUrl") === null)("the release horizon (PostgreSQL)", () => {
  let database: Database;
  let sessions: Sessions;
  beforeEach(async () => {
    const url = inject("postgresUrl") ?? "";
    database = await takePostgres(url);
    await migrate(database, [exposuresMigrations], { now: () => START });
    const [row] = await database.execute("select current_schema() as schema", []);
    sessions = await openPostgresSessions({
      url,
      schema: (row as { schema: string }).schema,
      maxConnections: SAVERS + 2,
    });
  });
  afterEach(async () => {
    await sessions.close();
    await database.close();
  });

  test("holds whatever the order", async () => {
    const world = { database, sessions };
    const run = async (steps: readonly Step[]) => {
      await world.database.execute("truncate exposure; update release_horizon set closed_until = 0", []);
      await new World(world.database, world.sessions).live(steps);
    };
    // The orders that a weaker protocol fails at, and others.
    await run(STALE_LOCK);
    await run(STALE_HORIZON);
    await run(DEAD_CLOSER);
    await assert(asyncProperty(array(anyStep, { minLength: 4, maxLength: 30 }), run), { numRuns: 25 });
  });
});

/** Locked only when its generation was drained already, so that the second closer does not see it. */
const STALE_LOCK: readonly Step[] = [
  { kind: "begin", saver: 0, hour: 1 },
  { kind: "close", hour: 2 },
  { kind: "lock", saver: 0 },
  { kind: "save", saver: 0 },
  { kind: "close", hour: 4 },
  { kind: "end", saver: 0, how: "commits" },
];

/** Seen by the second look alone. */
const STALE_HORIZON: readonly Step[] = [
  { kind: "begin", saver: 0, hour: 1 },
  { kind: "lock", saver: 0 },
  { kind: "close", hour: 2 },
  { kind: "save", saver: 0 },
  { kind: "close", hour: 4 },
  { kind: "end", saver: 0, how: "commits" },
  { kind: "look again" },
];

const DEAD_CLOSER: readonly Step[] = [
  { kind: "begin", saver: 0, hour: 1 },
  { kind: "save", saver: 0 },
  { kind: "close and die", hour: 2, statements: 1 },
  { kind: "close", hour: 2 },
  { kind: "close", hour: 1 },
  { kind: "end", saver: 0, how: "commits" },
  { kind: "look again" },
];

interface RunningSave {
  readonly number: number;
  /** What it waits for, in this order: before the lock, and before it looks again. */
  readonly stops: readonly PromiseWithResolvers<void>[];
  /** That it has come to the second of them. */
  readonly locked: Promise<void>;
  readonly saved: Promise<number>;
  readonly end: PromiseWithResolvers<void>;
  readonly ended: Promise<boolean>;
}

class World {
  private readonly database: Database;
  private readonly sessions: Sessions;
  private readonly saves = new Map<number, RunningSave>();
  private readonly waiting = new Set<PromiseWithResolvers<void>>();
  private readonly closers = new Set<Promise<void>>();
  /** What was found before an end when it was closed. */
  private readonly reads: { readonly end: number; readonly keys: readonly string[] }[] = [];
  private readonly committed = new Set<number>();
  private keys = 0;

  constructor(database: Database, sessions: Sessions) {
    this.database = database;
    this.sessions = sessions;
  }

  async live(steps: readonly Step[]): Promise<void> {
    for (const each of steps) await this.take(each);
    for (const at of this.saves.keys()) await this.take({ kind: "end", saver: at, how: "commits" });
    // Without anybody who saves each closer comes to its end; of two that look at one instant perhaps only one.
    await this.close(START + 9 * HOUR);
    for (let round = this.closers.size; round > 0; round--) await this.lookAgain();
    expect(this.closers.size).toBe(0);
    expect(await this.keysBefore(START + 1_000 * HOUR)).toHaveLength(this.committed.size);
    for (const { end, keys } of this.reads) expect(await this.keysBefore(end)).toEqual(keys);
  }

  private async take(each: Step): Promise<void> {
    if (each.kind === "close") return this.close(START + each.hour * HOUR);
    if (each.kind === "close and die") return this.closeAndDie(START + each.hour * HOUR, each.statements);
    if (each.kind === "look again") return this.lookAgain();
    const running = this.saves.get(each.saver);
    if (each.kind === "begin") {
      if (running === undefined) this.saves.set(each.saver, await this.begin(START + each.hour * HOUR));
      return;
    }
    if (running === undefined) return;
    running.stops[0]?.resolve();
    await running.locked;
    if (each.kind === "lock") return;
    running.stops[1]?.resolve();
    const backend = await running.saved;
    if (each.kind !== "end") return;
    if (each.how === "rolls back") running.end.reject(new Error("rolled back"));
    else if (each.how === "commits") running.end.resolve();
    else {
      await this.database.execute("select pg_terminate_backend($1, 10000)", [backend]);
      running.end.resolve();
    }
    if (await running.ended) this.committed.add(running.number);
    expect(this.committed.has(running.number)).toBe(each.how === "commits");
    this.saves.delete(each.saver);
  }

  /** The save of a new key by a process whose clock says `now`. */
  private async begin(now: number): Promise<RunningSave> {
    const stops = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reached = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const end = Promise.withResolvers<void>();
    const saved = Promise.withResolvers<number>();
    const number = this.keys++;
    const stepping = stepped(this.sessions, async (at) => {
      reached[at]?.resolve();
      await stops[at]?.promise;
    });
    const saving = databaseOverSessions("postgres", stepping).transaction(
      async (tx) => {
        await saveIn(tx, { primaries: makeKeys(number, 1), now });
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        saved.resolve(rows[0]?.pid ?? 0);
        await end.promise;
      },
      // Whoever waited for a lock even so long would fail here.
      { lockMilliseconds: 20 },
    );
    saving.catch(saved.reject);
    const ended = saving.then(
      () => true,
      () => false,
    );
    await reached[0]?.promise;
    return { number, stops, locked: reached[1]?.promise ?? Promise.resolve(), saved: saved.promise, end, ended };
  }

  private async close(end: number): Promise<void> {
    const wait = Promise.withResolvers<"waits">();
    const pace = {
      milliseconds: () => 0,
      wait: () => {
        wait.resolve("waits");
        const next = Promise.withResolvers<void>();
        this.waiting.add(next);
        return next.promise;
      },
    };
    const closeAndRead = async () => {
      const closed = await closeWindows(this.database, end, pace);
      this.reads.push({ end, keys: await this.keysBefore(closed) });
      this.closers.delete(closing);
    };
    const closing = closeAndRead();
    this.closers.add(closing);
    await Promise.race([closing, wait.promise]);
  }

  private async closeAndDie(end: number, statements: number): Promise<void> {
    const dying = databaseOverSessions("postgres", dyingAfter(this.sessions, statements));
    const pace = { milliseconds: () => 0, wait: () => Promise.reject(new Error("died")) };
    await closeWindows(dying, end, pace).catch(() => undefined);
  }

  private async lookAgain(): Promise<void> {
    const looking = [...this.waiting];
    this.waiting.clear();
    for (const one of looking) one.resolve();
    // Each has closed, or waits again.
    while (this.waiting.size < this.closers.size) await Promise.race([...this.closers, turn()]);
  }

  private async keysBefore(end: number): Promise<string[]> {
    return (await releasedBetween(this.database, 0, end)).map(({ keyData }) => keyData.toHex()).sort();
  }
}

const turn = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

/** Sessions that read the generation, lock it and look again one after the other, and `stop` before the latter two. */
function stepped(inner: Sessions, stop: (at: 0 | 1) => Promise<void>): Sessions {
  return wrapped(inner, (own) => ({
    async run(text, parameters, limits) {
      const cut = text.includes("is_held") ? text.lastIndexOf(";") : -1;
      if (cut < 0) return own.run(text, parameters, limits);
      const [begin = "", lock = ""] = text.slice(0, cut).split(/(?<=^begin[^;]*);/);
      const { rows } = await own.run(
        `${lock === "" ? "" : `${begin};`} select generation from release_horizon`,
        [],
        limits,
      );
      const [{ generation }] = rows as [{ generation: number }];
      await stop(0);
      const stale = `from (select ${generation}::bigint as generation) as read`;
      const locked = (lock === "" ? begin : lock).replace(/from release_horizon where only_row/, stale);
      const first = await own.run(locked, parameters, limits);
      await stop(1);
      const second = await own.run(text.slice(cut + 1), parameters, limits);
      return { ...second, rows: [...first.rows, ...second.rows] };
    },
  }));
}

function dyingAfter(inner: Sessions, statements: number): Sessions {
  let count = 0;
  return wrapped(inner, (own) => ({
    async run(...statement) {
      if (count++ >= statements) throw new Error("died");
      return own.run(...statement);
    },
  }));
}

function wrapped(inner: Sessions, wrap: (own: Session) => Session): Sessions {
  const owned = new Map<Session, Session>();
  return {
    async acquire() {
      const own = await inner.acquire();
      const outer = wrap(own);
      owned.set(outer, own);
      return outer;
    },
    release(session, usable) {
      const own = owned.get(session);
      owned.delete(session);
      if (own !== undefined) inner.release(own, usable);
    },
    close: async () => undefined,
  };
}
