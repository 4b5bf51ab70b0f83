// Opens the job library on the server's own database, in a schema of its own beside ours.

import { type Db, PgBoss } from "pg-boss";
import { HOUR, MINUTE } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { Report } from "../observe/report.ts";
import { forgetFuture, readUnended } from "./job-queries.ts";

export interface OpenBossOptions {
  readonly database: Database;
  readonly reportTrouble: Report;
  /** How often a process looks for runs whose worker is gone, in seconds. */
  readonly superviseEverySeconds: number;
}

export interface JobQueue {
  readonly boss: PgBoss;
  /** The subjects of which a run waits, for the first time or again, or is under way in some process; '' is the job as a whole. */
  unended(job: string): Promise<ReadonlySet<string>>;
  /** To be called now and then: lets nothing wait for a time that a wrong clock has told. */
  forgetFuture(): Promise<void>;
  /** Takes no new work, waits for what runs within the bound, then gives up its leases. */
  close(withinSeconds: number): Promise<void>;
}

/** Makes or updates the library's tables. It never ends the process: its troubles are reported. Throws the database's codes. */
export async function openBoss({ database, reportTrouble, superviseEverySeconds }: OpenBossOptions): Promise<JobQueue> {
  const schema = await schemaBeside(database);
  const isEmbedded = database.kind === "embedded";
  const boss = new PgBoss({
    db: queueDatabase(database),
    backend: isEmbedded ? "pglite" : "postgres",
    schema,
    registerInstance: false,
    monitorIntervalSeconds: superviseEverySeconds,
    superviseIntervalSeconds: superviseEverySeconds,
    maintenanceIntervalSeconds: 10 * MINUTE,
    // A minute of cron is sent at most so late, plus a poll.
    cronMonitorIntervalSeconds: 15,
    // How soon cron notices that the clocks of this machine and of the database have moved apart.
    clockMonitorIntervalSeconds: MINUTE,
    // Nothing here waits for other runs.
    flowIntervalSeconds: HOUR,
    // Both look after a server that has a process for vacuum.
    reindex: !isEmbedded,
    monitorVacuum: !isEmbedded,
  });
  boss.on("error", (error) => {
    reportTrouble({
      event: "job.queue-failed",
      level: "warn",
      code: codeOf(error) ?? "unexpected",
      why: error.message,
    });
  });
  boss.on("warning", ({ message }) => reportTrouble({ event: "job.queue-warned", level: "warn", why: message }));
  const close = (withinSeconds: number) => boss.stop({ graceful: true, timeout: withinSeconds * 1_000, close: false });
  try {
    // Of several processes that make the tables at once, those that lose try again and find them.
    await boss.start({ attempts: 4 });
  } catch (error) {
    // What half of it has started is stopped; where that fails too, the first failure says more.
    await close(1).catch(() => undefined);
    throw error;
  }
  return {
    boss,
    unended: (job) => readUnended(database.db, schema, job),
    forgetFuture: () => forgetFuture(database, schema),
    close,
  };
}

/** The library's view of a database or of one transaction. */
export function queueDatabase(database: Database): Db {
  return { executeSql: async (text, values) => ({ rows: [...(await database.execute(text, values ?? []))] }) };
}

async function schemaBeside(database: Database): Promise<string> {
  const [row] = await database.execute("select current_schema() as name", []);
  const name = typeof row === "object" && row !== null ? Reflect.get(row, "name") : null;
  return jobSchemaBeside(typeof name === "string" ? name : "public");
}

/** Named after our own schema: two servers on one PostgreSQL share nothing. */
export function jobSchemaBeside(schema: string): string {
  return schema === "public" ? "enks_jobs" : `${schema}_jobs`;
}
