// Mirrors: locations fed with the archives of another server, verified, in order, without what stands there already.

import { join } from "node:path";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { jobBySubject } from "../../platform/jobs/job-by-subject.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { isTaking } from "../upstreams/life.ts";
import { changeTrust, trust } from "../upstreams/trust-follower.ts";
import { readTrusted } from "../upstreams/trust-queries.ts";
import {
  DEFAULT_UPSTREAM_LIMITS,
  type StoredTrustedKey,
  type TrustedKeyFacts,
  type UpstreamLimits,
} from "../upstreams/upstream-types.ts";
import { mirrorRoutes } from "./admin-api.ts";
import { mirrorAheadTables } from "./ahead-queries.ts";
import { createMirror, endMirror } from "./manage-mirrors.ts";
import { mirrorKind } from "./mirror-kind.ts";
import type { Mirror, MirrorDeps, MirrorOverview, NewMirror } from "./mirror-types.ts";
import { readMirrors, readMirrorTotals } from "./queries.ts";
import { requireMirror } from "./require-mirror.ts";
import { runMirror } from "./run-mirrors.ts";
import { readMirrorOverviews } from "./status-queries.ts";

export const mirrorMigrations: MigrationSet = { name: "mirror", folder: join(import.meta.dirname, "migrations") };

export interface MirrorFeature {
  create(settings: NewMirror, trustedKeys: readonly TrustedKeyFacts[]): Promise<void>;
  end(name: string, until: UnixSeconds): Promise<void>;
  /** Answers its id. */
  addTrustedKey(name: string, trusted: TrustedKeyFacts): Promise<number>;
  trustedKeys(name: string): Promise<readonly StoredTrustedKey[]>;
  /** `until` null: it is trusted without an end. */
  changeTrustedKey(name: string, trustedKeyId: number, until: UnixSeconds | null): Promise<void>;
  list(): Promise<Mirror[]>;
  totals(name: string): ReturnType<typeof readMirrorTotals>;
  /** All mirrors as operators see them, by name. */
  status(database: Database): Promise<MirrorOverview[]>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export interface MirrorFeatureDeps extends Omit<MirrorDeps, "limits"> {
  /** By default those of the reference server. */
  readonly limits?: UpstreamLimits;
}

export function createMirrorFeature(given: MirrorFeatureDeps): MirrorFeature {
  const deps: MirrorDeps = { limits: DEFAULT_UPSTREAM_LIMITS, ...given };
  return {
    create: (settings, trustedKeys) => createMirror(deps, settings, trustedKeys),
    end: (name, until) => endMirror(deps, name, until),
    async addTrustedKey(name, trusted) {
      const now = deps.clock.now();
      return (await deps.database.transaction((tx) => trust(deps, tx, mirrorKind, name, trusted, now))).id;
    },
    async trustedKeys(name) {
      const { upstreamId } = await requireMirror(deps.database.db, name);
      return (await readTrusted(deps.database.db, [upstreamId])).get(upstreamId) ?? [];
    },
    async changeTrustedKey(name, id, until) {
      const now = deps.clock.now();
      await deps.database.transaction((tx) => changeTrust(deps, tx, mirrorKind, name, id, until, now));
    },
    list: () => readMirrors(deps.database.db),
    totals: (name) => readMirrorTotals(deps.database.db, name),
    status: ({ db }) => readMirrorOverviews(db, null),
    ahead: mirrorAheadTables,
    routes: mirrorRoutes(deps),
    jobs: [
      jobBySubject({
        name: "mirror",
        duty: "mirror",
        everySeconds: 5 * MINUTE,
        needs: "closing",
        // Each may hold a large archive.
        atOnce: 3,
        subjects: async (now, db = deps.database.db) =>
          (await readMirrors(db)).filter((mirror) => isTaking(mirror, now)).map(({ name }) => name),
        runFor: (name, now) => runMirror(deps, name, now),
      }),
    ],
  };
}
