// A mirror world with its admin API over HTTP, made anew for each test.

import { afterEach, beforeEach } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "./admin-world.ts";
import type { OpenDatabase } from "./databases.ts";
import { START } from "./location-world.ts";
import { type MirrorWorld, makeMirrorWorld } from "./mirror-world.ts";

export const MIRROR_PATH = "/v1/mirrors/national";

/** Named after the hour that ends so many hours after START. */
export function lineOf(hour: number): string {
  return `${START + (hour - 1) * HOUR}-${START + hour * HOUR}-00001.zip`;
}

export interface MirrorAdminWorld {
  world: MirrorWorld;
  admin: AdminWorld;
  clock: VirtualClock;
}

/** Registers the making and the end with the tests around; its members are there once a test begins. */
export function mirrorAdminWorlds(open: OpenDatabase, take: (made: MirrorAdminWorld) => void): void {
  let made: MirrorAdminWorld | null = null;
  beforeEach(async () => {
    const clock = createVirtualClock(START);
    const world = await makeMirrorWorld(open);
    const { database } = world;
    await migrate(database, [administrationMigrations], clock);
    const routes = [...world.feature.routes, ...world.mirrors.routes];
    made = { world, clock, admin: await startAdminWorld({ database, clock, routes }) };
    take(made);
  });
  afterEach(async () => {
    await made?.admin.close();
    await made?.world.close();
  });
}
