// Published trees: the only writer of indexes and the only signer, whoever supplies the content.

import { join } from "node:path";
import { HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { addSeal } from "./add-seal.ts";
import { locationRoutes } from "./admin-api.ts";
import { locationAheadTables } from "./ahead-queries.ts";
import { appendArchive } from "./append-archive.ts";
import { appendCopy, type OpenedArchive } from "./append-copy.ts";
import { adoptLocation, createLocation, type NewLocation } from "./create-location.ts";
import { deleteExpired } from "./delete-expired.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { AppendOutcome, CommitSupply, Supply } from "./location-types.ts";
import { readOverviews, readSealUses } from "./overview-queries.ts";
import type { LocationOverview, SealUse } from "./overview-types.ts";
import { publishAndRecord } from "./publish-and-record.ts";
import { createPublishedMemory } from "./published-memory.ts";
import { readLocations, readSupplierTotals } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";
import { type LocationStatus, readLocationStatuses } from "./status.ts";
import { type PublishedTree, readAllSeals, readPublishedTree } from "./tree-queries.ts";

export const locationsMigrations: MigrationSet = { name: "locations", folder: join(import.meta.dirname, "migrations") };

export interface LocationsFeature {
  create(location: NewLocation): Promise<void>;
  addSeal(name: string, seal: NewLocation["seal"], now: UnixSeconds): Promise<void>;
  /** Answers how many archives were adopted. */
  adopt(name: string, now: UnixSeconds): Promise<number>;
  append(name: string, supply: Supply, now: UnixSeconds, commit: CommitSupply): Promise<AppendOutcome>;
  appendCopy(
    name: string,
    supplier: string,
    source: OpenedArchive,
    now: UnixSeconds,
    commit: CommitSupply,
  ): Promise<AppendOutcome>;
  publish(name: string, now: UnixSeconds): Promise<void>;
  /** Archives and keys by supplier. */
  totals(name: string): ReturnType<typeof readSupplierTotals>;
  /** Throws `location_unknown` unless there is one of this name. */
  require(database: Database, name: string): Promise<void>;
  /** All locations as operators see them, by name. */
  overviews(database: Database): Promise<LocationOverview[]>;
  /** Every seal that names a signing key of ours. */
  readonly sealUses: (database: Database) => Promise<SealUse[]>;
  /** As the server's status has them, by name. */
  status(database: Database): Promise<LocationStatus[]>;
  /** One location as it was published; null: there is none of this name. */
  readonly readTree: (db: Db, name: string) => Promise<PublishedTree | null>;
  /** The seals of each location, by name. */
  readonly readAllSeals: typeof readAllSeals;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export function createLocationsFeature(deps: LocationDeps): LocationsFeature {
  const memory = createPublishedMemory();
  const forEach = async (event: string, work: (name: string) => Promise<void>) => {
    for (const { name } of await readLocations(deps.database.db)) {
      try {
        await work(name);
      } catch (error) {
        deps.report({ event, level: "error", location: name, code: codeOf(error) ?? "unexpected", why: String(error) });
      }
    }
  };
  return {
    create: (location) => createLocation(deps, location),
    addSeal: (name, seal, now) => addSeal(deps, name, seal, now),
    adopt: (name, now) => adoptLocation(deps, name, now),
    append: (name, supply, now, commit) => appendArchive({ ...deps, memory }, name, supply, now, commit),
    appendCopy: (name, supplier, source, now, commit) => appendCopy(deps, name, supplier, source, now, commit),
    publish: (name, now) => publishAndRecord(deps, name, now),
    totals: async (name) => readSupplierTotals(deps.database.db, (await requireLocation(deps, name)).id),
    require: async (database, name) => void (await requireLocation({ database }, name)),
    overviews: (database) => readOverviews(database.db),
    sealUses: (database) => readSealUses(database.db),
    status: ({ db }) => readLocationStatuses(db),
    readTree: readPublishedTree,
    readAllSeals,
    ahead: locationAheadTables,
    routes: locationRoutes(deps),
    jobs: [
      {
        name: "publish-index",
        duty: "publish",
        everySeconds: 5 * MINUTE,
        // What expires waits by itself where only that is in doubt.
        needs: "closing",
        run: (now) => forEach("location.publishing-failed", (name) => publishAndRecord(deps, name, now)),
      },
      {
        name: "delete-archives",
        duty: "publish",
        everySeconds: 4 * HOUR,
        needs: "destroying",
        run: (now) => forEach("location.deletion-failed", (name) => deleteExpired(deps, name, now)),
      },
    ],
  };
}
