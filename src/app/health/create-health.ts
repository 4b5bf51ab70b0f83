// Health of a process: alive as long as it answers at all; ready when it can do what its duties need.

import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { type BlobProbeFailure, probeBlobs } from "../../platform/blobs/probe-blobs.ts";
import type { Duty } from "../../platform/config/config.ts";
import { checkDatabase, type DatabaseCheckFailure } from "../../platform/database/check-database.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import { type ClockFailure, clockFailure } from "../clock/show-clock.ts";
import { checkSave, type SaveCheckFailure } from "./check-save.ts";
import type { SealCheckFailure } from "./check-seals.ts";
import { rememberFor } from "./remember-for.ts";

/**
 * Why a process is not ready. `server_stopping`: it was told to stop. Those of the
 * clock: somebody has to look.
 */
export type ReadinessCheckFailure =
  | "server_stopping"
  | ClockFailure
  | DatabaseCheckFailure
  | SaveCheckFailure
  | SealCheckFailure
  | BlobProbeFailure;

export interface Health {
  /** The event loop turns, or nobody would hear the answer. */
  readonly live: () => Promise<readonly string[]>;
  readonly ready: () => Promise<readonly ReadinessCheckFailure[]>;
  /** What phones need: the objects. */
  readonly publicReady: () => Promise<readonly ReadinessCheckFailure[]>;
  /** From now on nothing is ready. */
  beginStopping(): void;
}

export interface HealthDeps {
  /** null: the duties need none. */
  readonly database: Database | null;
  readonly migrations: readonly MigrationSet[];
  readonly blobs: BlobStore;
  readonly duties: readonly Duty[];
  readonly clock: JudgedClock;
  /** Saves a key as an upload would, and undoes it; null: this process takes no uploads. */
  readonly trySave: (() => Promise<void>) | null;
  /** Whether the signing keys of its seals are here; null: this process signs nothing. */
  readonly findSealFailure: (() => Promise<SealCheckFailure | null>) | null;
  /** Tells this process from others. */
  readonly instance: string;
}

const DATABASE_MILLISECONDS = 1_000;
/** Whoever asks more often gets the last answer: a check costs a query, or a file. */
const REMEMBERED_SECONDS = 1;
/** As long as an upload may wait for the database (publish/store/store-limits.ts). */
export const SAVE_MILLISECONDS = 5_000;
const SAVE_REMEMBERED_SECONDS = 5;
const WRITE_REMEMBERED_SECONDS = 10;
const SEALS_REMEMBERED_SECONDS = 10;
const WRITING_DUTIES: ReadonlySet<Duty> = new Set(["admin", "export", "mirror", "publish"]);

export function createHealth(deps: HealthDeps): Health {
  const { database, blobs, clock, instance } = deps;
  let isStopping = false;
  const isWriting = deps.duties.some((duty) => WRITING_DUTIES.has(duty));
  const readable = rememberFor(REMEMBERED_SECONDS, clock, () => probeBlobs(blobs, instance, false));
  const writable = rememberFor(WRITE_REMEMBERED_SECONDS, clock, () => probeBlobs(blobs, instance, true));
  const databaseReady = rememberFor(REMEMBERED_SECONDS, clock, async () =>
    database === null ? null : checkDatabase(database, deps.migrations, DATABASE_MILLISECONDS),
  );
  const { trySave } = deps;
  const saveReady = rememberFor(SAVE_REMEMBERED_SECONDS, clock, async () =>
    database === null || trySave === null ? null : checkSave(database, trySave, SAVE_MILLISECONDS),
  );
  const sealsReady = rememberFor(SEALS_REMEMBERED_SECONDS, clock, async () => {
    try {
      return (await deps.findSealFailure?.()) ?? null;
    } catch {
      // The checks of the database and of the stores say why.
      return null;
    }
  });
  const clockReady = async () => clockFailure(clock.trust());
  // What the tables are not made for cannot be tried, and is said once.
  const databaseOrSave = async () => (await databaseReady()) ?? (await saveReady()) ?? (await sealsReady());
  const unlessStopping = async (
    checks: () => Promise<(ReadinessCheckFailure | null)[]>,
  ): Promise<ReadinessCheckFailure[]> =>
    isStopping ? ["server_stopping"] : (await checks()).filter((code) => code !== null);
  return {
    live: async () => [],
    ready: () =>
      unlessStopping(() => Promise.all([databaseOrSave(), isWriting ? writable() : readable(), clockReady()])),
    publicReady: () => unlessStopping(async () => [await readable()]),
    beginStopping() {
      isStopping = true;
    },
  };
}
