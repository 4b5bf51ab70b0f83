// Skipping lines of a mirror's source and removing mirrors, through the admin API, on both databases.

import { beforeEach, describe, expect, test } from "vitest";
import { HOUR, isoTime } from "../../src/core/clock.ts";
import type { AuditPage } from "../../src/features/administration/admin-schemas.ts";
import type { MirrorBody, NewMirrorBody } from "../../src/features/mirror/admin-schemas.ts";
import type { SkipBody, SkipPage } from "../../src/features/upstreams/skip-schemas.ts";
import type { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { AdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { lineOf, MIRROR_PATH, mirrorAdminWorlds } from "../support/mirror-admin-world.ts";
import type { MirrorWorld } from "../support/mirror-world.ts";
import { refusalOf } from "../support/source-api.ts";

describeOnEachDatabase("lines that a mirror skips", (open) => {
  let world: MirrorWorld;
  let admin: AdminWorld;
  let clock: VirtualClock;
  mirrorAdminWorlds(open, (made) => {
    ({ world, admin, clock } = made);
  });

  const show = async () => (await admin.auditor.get<MirrorBody>(MIRROR_PATH)).body;
  const change = (body: object) => admin.operator.patch<MirrorBody>(MIRROR_PATH, body);
  const skip = (line: string, reason = "it was never uploaded") =>
    admin.operator.post<SkipBody>(`${MIRROR_PATH}/skips`, { line, reason });
  const unskip = (line: string) => admin.operator.post<SkipBody>(`${MIRROR_PATH}/unskips`, { line });
  const skips = async (query = "") => (await admin.auditor.get<SkipPage>(`${MIRROR_PATH}/skips${query}`)).body;
  const wanted = (): NewMirrorBody => ({
    name: "second",
    location: "client",
    indexUrl: "https://nation.example/index.txt?token=secret",
    baseUrl: "https://nation.example/files?token=secret",
    region: "xx",
    trustedKeys: [{ keyId: "310", keyVersion: "v1", publicKeyPem: world.nation.pem }],
  });
  /** The hours' archives with a key each, and listed. */
  const publishHours = async (...hours: number[]) => {
    for (const hour of hours)
      await world.publish(lineOf(hour), { primaries: makeKeys(hour, 1), end: START + hour * HOUR });
    world.list(...hours.map(lineOf));
  };

  describe("a line that can never be had", () => {
    beforeEach(async () => {
      await publishHours(1, 2, 3);
      world.serve(lineOf(2), { status: 404 });
      await world.run(START + 4 * HOUR);
      clock.set(START + 5 * HOUR);
    });

    test("is skipped with a reason, and the mirror goes on behind it", async () => {
      const { status, body } = await skip(`/${lineOf(2)}`, "the nation lost it ");
      const skipped = {
        line: lineOf(2),
        reason: "the nation lost it",
        skippedAt: isoTime(START + 5 * HOUR),
        skippedBy: "olaf",
        undoneAt: null,
        undoneBy: null,
      };
      expect([status, body]).toEqual([201, skipped]);
      expect(await skips()).toEqual({ items: [skipped], next: null });
      expect(await show()).toMatchObject({ waitingLines: 1, skippedLines: 1, totals: { taken: 1 } });
      await world.run(START + 6 * HOUR);
      expect(await show()).toMatchObject({ waitingLines: 0, skippedLines: 1, lastError: null, totals: { taken: 2 } });
      const audit = (await admin.auditor.get<AuditPage>("/v1/audit?kind=mirror&limit=1")).body.items;
      expect(audit).toMatchObject([{ operation: "skipMirrorLine", after: { skippedLines: 1 } }]);
    });

    test("is skipped once, and never without a reason", async () => {
      expect(await refusalOf(skip(lineOf(1)))).toEqual([409, "upstream_line_taken"]);
      expect(await refusalOf(skip(lineOf(9)))).toEqual([404, "upstream_line_unknown"]);
      for (const reason of ["", " "])
        expect(await refusalOf(skip(lineOf(2), reason))).toEqual([400, "request_invalid"]);
      expect(await refusalOf(skip(lineOf(2)))).toEqual([201, undefined]);
      expect(await refusalOf(skip(lineOf(2)))).toEqual([409, "upstream_line_skipped"]);
    });

    test("comes back where the skip is undone, and may be skipped again", async () => {
      expect(await refusalOf(unskip(lineOf(2)))).toEqual([409, "upstream_line_not_skipped"]);
      await skip(lineOf(2));
      expect((await unskip(lineOf(2))).body).toMatchObject({ undoneAt: isoTime(START + 5 * HOUR), undoneBy: "olaf" });
      expect(await show()).toMatchObject({ waitingLines: 2, skippedLines: 0 });
      await skip(lineOf(2), "again");
      expect((await skips("?limit=1")).items).toMatchObject([{ reason: "again", undoneAt: null }]);
      expect((await skips()).items).toHaveLength(2);
    });

    test("holds up no end, and once that has come the mirror can be removed", async () => {
      expect(await refusalOf(admin.administrator.delete(MIRROR_PATH))).toEqual([409, "upstream_not_ended"]);
      await change({ until: isoTime(START + 5 * HOUR) });
      await skip(lineOf(2));
      await world.run(START + 6 * HOUR);
      clock.set(START + 6 * HOUR);
      expect(await show()).toMatchObject({ life: "ended" });
      expect(await refusalOf(unskip(lineOf(2)))).toEqual([409, "upstream_ended"]);
      const published = world.follower.archives.length;
      expect((await admin.administrator.delete(MIRROR_PATH)).body).toEqual({
        name: "national",
        endedAt: isoTime(START + 6 * HOUR),
      });
      expect(await refusalOf(admin.auditor.get(MIRROR_PATH))).toEqual([404, "mirror_unknown"]);
      await world.follower.check();
      expect(world.follower.archives.length).toBeGreaterThanOrEqual(published);
    });
  });

  test("one that never took anything can be removed, by an administrator", async () => {
    await admin.administrator.post<MirrorBody>("/v1/mirrors", wanted());
    expect(await refusalOf(admin.operator.delete("/v1/mirrors/second"))).toEqual([403, "role_insufficient"]);
    expect((await admin.administrator.delete("/v1/mirrors/second")).body).toEqual({ name: "second", endedAt: null });
    expect((await admin.administrator.post<MirrorBody>("/v1/mirrors", wanted())).status).toBe(201);
  });
});
