// Mirrors: locations fed with the archives of another server, verified, in order, without what stands there already.

import { join } from "node:path";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { addTrustedKey, createMirror, endMirror, listTrustedKeys, retireTrustedKey } from "./manage-mirrors.ts";
import type { Mirror, MirrorDeps, MirrorSettings, MirrorTrustedKey, StoredTrustedKey } from "./mirror-types.ts";
import { passByLine } from "./pass-by-line.ts";
import { readMirrors, readMirrorTotals } from "./queries.ts";
import { runMirrors } from "./run-mirrors.ts";

export const mirrorMigrations: MigrationSet = { name: "mirror", folder: join(import.meta.dirname, "migrations") };

export interface MirrorFeature {
  create(settings: MirrorSettings, trustedKeys: readonly MirrorTrustedKey[]): Promise<void>;
  end(name: string, until: UnixSeconds): Promise<void>;
  /** Answers its id. */
  addTrustedKey(name: string, trusted: MirrorTrustedKey): Promise<number>;
  trustedKeys(name: string): Promise<StoredTrustedKey[]>;
  retireTrustedKey(trustedKeyId: number, until: UnixSeconds): Promise<void>;
  /** Counts a line that can never be had as taken, for a reason. */
  passByLine(name: string, line: string, reason: string, now: UnixSeconds): Promise<void>;
  list(): Promise<Mirror[]>;
  totals(name: string): ReturnType<typeof readMirrorTotals>;
  readonly jobs: readonly Job[];
}

export function createMirrorFeature(deps: MirrorDeps): MirrorFeature {
  return {
    create: (settings, trustedKeys) => createMirror(deps, settings, trustedKeys),
    end: (name, until) => endMirror(deps, name, until),
    addTrustedKey: (name, trusted) => addTrustedKey(deps, name, trusted),
    trustedKeys: (name) => listTrustedKeys(deps, name),
    retireTrustedKey: (trustedKeyId, until) => retireTrustedKey(deps, trustedKeyId, until),
    passByLine: (name, line, reason, now) => passByLine(deps, name, line, reason, now),
    list: () => readMirrors(deps.database.db),
    totals: (name) => readMirrorTotals(deps.database.db, name),
    jobs: [{ name: "mirror", duty: "mirror", everySeconds: 5 * MINUTE, run: (now) => runMirrors(deps, now) }],
  };
}
