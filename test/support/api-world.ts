// A publishing server with its admin API over real HTTP: locations, exports, signing keys and exposure keys.

import { afterEach } from "vitest";
import { createExposuresFeature, type ExposuresFeature } from "../../src/features/exposures/feature.ts";
import { createSigningKeysFeature } from "../../src/features/signing-keys/feature.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "./admin-world.ts";
import type { OpenDatabase } from "./databases.ts";
import { type ExportWorld, makeExportWorld, RUN_SETTINGS } from "./export-world.ts";
import { type LocationWorldOptions, START } from "./location-world.ts";

export interface ApiWorld extends ExportWorld, Pick<AdminWorld, "administrator" | "operator" | "auditor"> {
  readonly exposures: ExposuresFeature;
  /** What the admin API takes for now; START at first. */
  readonly clock: VirtualClock;
}

export interface ApiWorldOptions extends LocationWorldOptions {
  readonly allowGeneratedKeys?: boolean;
}

/** Makes worlds on databases of `open`; each is closed after its test. */
export function apiWorlds(open: OpenDatabase): (options?: ApiWorldOptions) => Promise<ApiWorld> {
  const started: AdminWorld[] = [];
  afterEach(async () => {
    for (const admin of started.splice(0)) await admin.close();
  });
  return async ({ allowGeneratedKeys = false, ...options } = {}) => {
    const world = await makeExportWorld(open, { ...options, migrations: [administrationMigrations] });
    const { database, feature: locations, exporter, signingKeys, events } = world;
    const clock = createVirtualClock(START);
    const report = (event: (typeof events)[number]) => void events.push(event);
    const random = seededRandom(7);
    const settings = { truncateWindowSeconds: RUN_SETTINGS.truncateWindowSeconds };
    const exposures = createExposuresFeature({ database, report, random, settings, allowGeneratedKeys });
    const keysFeature = createSigningKeysFeature({ signingKeys, readSealUses: locations.sealUses });
    const features = [keysFeature, locations, exporter, exposures];
    const admin = await startAdminWorld({ database, clock, routes: features.flatMap(({ routes }) => routes) });
    started.push(admin);
    const { administrator, operator, auditor } = admin;
    return { ...world, administrator, operator, auditor, exposures, clock };
  };
}
