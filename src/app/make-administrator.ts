// The first administrator of a server, made without one: beside the token nothing lets anybody in.

import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import { createAdministrationFeature } from "../features/administration/feature.ts";
import { lockAdministrators } from "../features/administration/queries.ts";
import type { Config } from "../platform/config/config.ts";
import { migrate } from "../platform/database/migrate.ts";
import type { Report } from "../platform/observe/report.ts";
import { MIGRATIONS } from "./create-server.ts";
import { openDatabase, openStores } from "./open-parts.ts";

export interface MakingSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  /** Once it is aborted no administrator is made any more. */
  readonly interrupted: AbortSignal;
}

export interface MadeAdministrator {
  readonly name: string;
  /** Shown to nobody else, and never again. */
  readonly token: string;
}

const FIRST_NAME = "admin";
/** Whom the audit log names. */
const MAKER = "enks-init";

/**
 * Opens everything that a server opens before it works, brings the tables up to date and makes the administrator `name`.
 * Without a name it makes "admin", but only where nobody else could act; null: somebody can. Throws the database's codes,
 * `principal_exists`, `principal_invalid`, and the signal's reason.
 */
export async function makeAdministrator(
  config: Config,
  surroundings: MakingSurroundings,
  name: string | null,
): Promise<MadeAdministrator | null> {
  const { clock, interrupted } = surroundings;
  const database = await openDatabase(config);
  try {
    await openStores(config);
    for (const set of MIGRATIONS) {
      interrupted.throwIfAborted();
      await migrate(database, [set], clock);
    }
    if (name === null) {
      const able = await database.transaction((tx) => lockAdministrators(tx, clock.now()));
      if (able.length > 0) return null;
    }
    const administration = createAdministrationFeature({
      ...surroundings,
      database,
      settings: { auditKeptSeconds: null },
    });
    interrupted.throwIfAborted();
    const wanted = { name: name ?? FIRST_NAME, role: "administrator", expiresAt: null } as const;
    const { principal, token } = await administration.createPrincipal(wanted, MAKER);
    return { name: principal.name, token };
  } finally {
    await database.close();
  }
}
