// The databases of a process that lives through many worlds: started once, emptied for every world.

import { MIGRATIONS } from "../../app/create-server.ts";
import type { Database } from "../../platform/database/database.ts";
import { databaseOverSessions } from "../../platform/database/database-over-sessions.ts";
import { ThreadSessions } from "../../platform/database/embedded/thread-sessions.ts";
import { migrate } from "../../platform/database/migrate.ts";
import { openPostgresSessions } from "../../platform/database/postgres/open-postgres-database.ts";
import type { Sessions } from "../../platform/database/sessions.ts";
import { notePristine } from "../faults/database-backup.ts";
import type { ServerName } from "./world-plan.ts";

export interface WorldHome extends AsyncDisposable {
  readonly databaseKind: Database["kind"];
  readonly sessions: Readonly<Record<ServerName, Sessions>>;
  /** Makes a database what it was before its first world. */
  readonly reset: Readonly<Record<ServerName, () => Promise<void>>>;
}

/** Two embedded databases in memory; or two schemas, named after `name`, of the PostgreSQL server at `url`. */
export async function openWorldHome(
  postgres: { readonly url: string; readonly name: string } | null,
): Promise<WorldHome> {
  const open = async (server: ServerName): Promise<Sessions> =>
    postgres === null ? ThreadSessions.start() : openSchema(postgres.url, `${postgres.name}_${server}`);
  const databaseKind = postgres === null ? "embedded" : "postgres";
  const [state, nation] = await Promise.all([open("state"), open("nation")]);
  return {
    databaseKind,
    sessions: { state, nation },
    reset: { state: await prepare(databaseKind, state), nation: await prepare(databaseKind, nation) },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([state.close(), nation.close()]);
    },
  };
}

async function prepare(kind: Database["kind"], sessions: Sessions): Promise<() => Promise<void>> {
  await migrate({ ...databaseOverSessions(kind, sessions), close: async () => undefined }, MIGRATIONS, {
    now: () => 0,
  });
  return notePristine(sessions);
}

/** An empty schema. */
async function openSchema(url: string, schema: string): Promise<Sessions> {
  const sessions = await openPostgresSessions({ url, schema });
  const session = await sessions.acquire();
  await session.run(`drop schema if exists ${schema} cascade; create schema ${schema}`, []);
  sessions.release(session, true);
  return sessions;
}
