// A mirror whose source withdraws archives: what is lost is shown, and accepted by an operator, who saw it.

import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import type { AuditPage } from "../../src/features/administration/admin-schemas.ts";
import type { AcceptanceBody, LossesBody } from "../../src/features/mirror/loss-schemas.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type MirrorWorld, makeMirrorWorld, primariesOf } from "../support/mirror-world.ts";
import { refusalOf } from "../support/source-api.ts";

const PATH = "/v1/mirrors/national/losses";
const LINES = ["a.zip", "b.zip", "c.zip", "d.zip"];

describeOnEachDatabase("a mirror whose source withdraws archives", (open) => {
  let world: MirrorWorld;
  let admin: AdminWorld;
  beforeEach(async () => {
    const clock = createVirtualClock(START);
    world = await makeMirrorWorld(open);
    const { database } = world;
    await migrate(database, [administrationMigrations], clock);
    admin = await startAdminWorld({ database, clock, routes: [...world.feature.routes, ...world.mirrors.routes] });
    for (const [at, line] of LINES.entries()) await world.publish(line, { primaries: makeKeys(at * 10, 2) });
    world.list("a.zip");
    await world.run();
  });
  afterEach(async () => {
    await admin.close();
    await world.close();
  });

  const losses = async () => (await admin.auditor.get<LossesBody>(PATH)).body;
  const accept = (fingerprint: string) =>
    admin.operator.post<AcceptanceBody>(PATH, { fingerprint, reason: "withdrawn: false positives" });
  const lists = async (...lines: string[]) => {
    world.list(...lines);
    await world.run();
  };

  test("from the middle of its index goes on once the loss is accepted, and what is published stays", async () => {
    await lists("a.zip", "b.zip", "c.zip");
    await lists("a.zip", "c.zip", "d.zip");
    expect(await world.lastError()).toBe("mirror_source_shrank");
    const shown = await losses();
    expect(shown).toMatchObject({
      count: 1,
      losses: [{ line: "b.zip", taken: true, locationLine: expect.stringContaining(".zip") }],
    });
    expect((await accept(shown.fingerprint)).body).toEqual({ accepted: 1 });
    const [entry] = (await admin.auditor.get<AuditPage>("/v1/audit?kind=mirror&limit=1")).body.items;
    expect(entry).toMatchObject({ operation: "acceptMirrorLosses", before: { lostArchives: 1 } });
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect(await primariesOf(world)).toHaveLength(4);
    expect(await losses()).toMatchObject({ count: 0, losses: [] });
    expect(await refusalOf(accept(shown.fingerprint))).toEqual([409, "mirror_loss_missing"]);
  });

  test("is refused what went missing after the operator looked", async () => {
    await lists("a.zip", "b.zip", "c.zip");
    await lists("a.zip", "c.zip");
    const { fingerprint } = await losses();
    await lists("a.zip");
    expect(await refusalOf(accept(fingerprint))).toEqual([409, "mirror_loss_conflict"]);
    await accept((await losses()).fingerprint);
    await lists("a.zip", "d.zip");
    expect(await world.lastError()).toBeNull();
  });

  test("before the mirror had them goes on by itself, and tells what it never had", async () => {
    world.serve("b.zip", { status: 451 });
    await lists("a.zip", "b.zip", "c.zip");
    await lists("a.zip", "c.zip");
    expect(await world.lastError()).toBeNull();
    expect(await losses()).toMatchObject({ count: 1, losses: [{ line: "b.zip", taken: false, locationLine: null }] });
    expect(world.events).toContainEqual(expect.objectContaining({ event: "mirror.archives-withdrawn", line: "b.zip" }));
  });

  test("and lists them again, which is no loss", async () => {
    await lists("a.zip", "b.zip", "c.zip");
    await lists("a.zip", "c.zip");
    await lists("a.zip", "b.zip", "c.zip");
    expect(await losses()).toMatchObject({ count: 0 });
  });

  test("that have expired since is nothing to accept", async () => {
    await lists("a.zip", "b.zip", "c.zip");
    await lists("a.zip", "c.zip");
    await world.run(START + 10 * DAY);
    expect(await world.lastError()).toBeNull();
    expect(await losses()).toMatchObject({ count: 0 });
  });
});
