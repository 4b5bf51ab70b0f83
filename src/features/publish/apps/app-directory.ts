// All apps in memory: what strangers call themselves can neither grow it nor make it wait (KS P17).

import type { UnixSeconds } from "../../../core/clock.ts";
import type { Database } from "../../../platform/database/database.ts";
import type { AuthorizedApp } from "../publish-types.ts";
import { readAppRevision, readApps } from "./queries.ts";

export interface AppDirectory {
  /** `name` in any case; never older than the second before. Rejects when the database does. */
  find(name: string, now: UnixSeconds): Promise<AuthorizedApp | null>;
}

interface Snapshot {
  readonly revision: number;
  readonly byName: ReadonlyMap<string, AuthorizedApp>;
}

/** All requests of a second share one question to the database: whether anything has changed. */
export function createAppDirectory(database: Database): AppDirectory {
  let known: Snapshot | null = null;
  let checkedAt: UnixSeconds | null = null;
  let checking: Promise<Snapshot> | null = null;

  async function check(now: UnixSeconds): Promise<Snapshot> {
    const revision = await readAppRevision(database.db);
    if (known?.revision !== revision) {
      const apps = await readApps(database.db);
      known = { revision, byName: new Map(apps.map((app) => [app.name, app])) };
    }
    checkedAt = now;
    return known;
  }

  return {
    async find(name, now) {
      if (known !== null && checkedAt === now) return known.byName.get(name.toLowerCase()) ?? null;
      checking ??= check(now).finally(() => {
        checking = null;
      });
      return (await checking).byName.get(name.toLowerCase()) ?? null;
    },
  };
}
