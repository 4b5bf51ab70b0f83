// Exports through the admin API: made, watched, changed, ended, and stretches exported once more.

import { describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime } from "../../src/core/clock.ts";
import type { BackfillBody, ExportBody, ExportPage } from "../../src/features/export/admin-schemas.ts";
import { type ApiWorld, apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

/** The run after the hour numbered so has closed. */
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;

const show = async (world: ApiWorld, now?: number) => {
  if (now !== undefined) world.clock.set(now);
  return (await world.auditor.get<ExportBody>("/v1/exports/main")).body;
};

const endOf = (world: ApiWorld, body: object = {}) => world.operator.post<ExportBody>("/v1/exports/main/end", body);
const backfill = (world: ApiWorld, fromHour: number, thruHour: number) =>
  world.operator.post<BackfillBody>("/v1/exports/main/backfills", {
    from: isoTime(START + fromHour * HOUR),
    thru: isoTime(START + thruHour * HOUR),
  });

describeOnEachDatabase("the API of exports", (open) => {
  const make = apiWorlds(open);
  const NEW = { name: "main", location: "client", region: "xx", periodSeconds: HOUR, minRecords: 0, paddingRange: 0 };

  describe("making one", () => {
    test("takes what is left out from the server's settings, and begins now", async () => {
      const world = await make();
      const wanted = { name: "main", location: "client", region: "xx" };
      const { status, body } = await world.operator.post<ExportBody>("/v1/exports", wanted);
      expect(status).toBe(201);
      expect(body).toEqual({
        name: "main",
        location: "client",
        region: "XX",
        includeRegions: ["XX"],
        excludeRegions: [],
        travelers: "also",
        periodSeconds: DAY,
        from: isoTime(START),
        thru: null,
        backfillSeconds: 0,
        maxRecords: 500_000,
        minRecords: 1_000,
        paddingRange: 100,
        exportedUntil: null,
        openWindow: null,
        life: "following",
        endingUntil: null,
        endedAt: null,
        givenUp: null,
        lagSeconds: 0,
        totals: { archives: 0, primaries: 0, revised: 0, leftOut: 0, generated: 0 },
        lastFailure: null,
        backfills: [],
      });
      expect(await show(world)).toEqual(body);
    });

    test.each([
      ["a location that there is not", { location: "nowhere" }, 404, "location_unknown"],
      ["a period that does not divide the day", { periodSeconds: 7 * HOUR }, 400, "period_invalid"],
      ["an end before the beginning", { thru: isoTime(START) }, 400, "export_settings_invalid"],
      ["padding beyond the maximum", { maxRecords: 10, minRecords: 11 }, 400, "export_settings_invalid"],
      ["a region in and out", { includeRegions: ["XX"], excludeRegions: ["xx"] }, 400, "export_settings_invalid"],
      ["a region of two lines", { region: "X\nY" }, 400, "request_invalid"],
      ["a setting that there is not", { periodHours: 1 }, 400, "request_invalid"],
    ])("is refused with %s", async (_, changes, status, code) => {
      const world = await make();
      expect(await world.operator.post("/v1/exports", { ...NEW, ...changes })).toMatchObject({
        status,
        body: { code },
      });
      expect((await world.auditor.get("/v1/exports/main")).status).toBe(404);
    });

    test("is refused twice, and to auditors", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      expect(await world.operator.post("/v1/exports", NEW)).toMatchObject({
        status: 409,
        body: { code: "export_exists" },
      });
      expect((await world.auditor.post("/v1/exports", { ...NEW, name: "other" })).status).toBe(403);
    });

    test("several, they are listed by name in pages", async () => {
      const world = await make();
      for (const name of ["c", "a", "b"]) await world.operator.post("/v1/exports", { ...NEW, name });
      const first = await world.auditor.get<ExportPage>("/v1/exports?limit=2");
      const rest = await world.auditor.get<ExportPage>(`/v1/exports?limit=2&after=${first.body.next}`);
      expect([first, rest].map(({ body }) => body.items.map(({ name }) => name))).toEqual([["a", "b"], ["c"]]);
    });
  });

  describe("watching one", () => {
    test("shows how far it has come, how far it is behind, and what it has exported", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      expect(await show(world, after(0) - 1)).toMatchObject({ lagSeconds: 0 });
      expect(await show(world, after(2) + 7)).toMatchObject({ lagSeconds: 2 * HOUR + 7, exportedUntil: null });
      await world.run(after(2) + 7);
      expect(await show(world)).toMatchObject({
        lagSeconds: 0,
        exportedUntil: isoTime(START + 3 * HOUR),
        totals: { archives: 1, primaries: 3 },
      });
    });

    test("shows why its last run failed, until one does not", async () => {
      const world = await make({
        location: { seal: { signingKey: "seal", keyId: "262", keyVersion: "v1", from: after(2) } },
      });
      await world.operator.post("/v1/exports", NEW);
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      await world.run(after(1));
      expect(await show(world, after(1))).toMatchObject({
        lagSeconds: HOUR,
        lastFailure: { at: isoTime(after(1)), code: "location_no_seal", message: expect.stringContaining("client") },
      });
      await world.run(after(2));
      expect(await show(world)).toMatchObject({ lastFailure: null, totals: { primaries: 3 } });
    });

    test("that there is not", async () => {
      const world = await make();
      const unknown = { status: 404, body: { code: "export_unknown" } };
      expect(await world.auditor.get("/v1/exports/main")).toMatchObject(unknown);
      expect(await world.operator.patch("/v1/exports/main", {})).toMatchObject(unknown);
      const stretch = { from: isoTime(0), thru: isoTime(START) };
      expect(await world.operator.post("/v1/exports/main/backfills", stretch)).toMatchObject(unknown);
    });
  });

  describe("changing one", () => {
    test("changes what is named and leaves the rest", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", { ...NEW, excludeRegions: ["AA"] });
      const change = { includeRegions: ["yy", "xx"], maxRecords: 50, minRecords: 5, travelers: "never" };
      const { body } = await world.operator.patch<ExportBody>("/v1/exports/main", change);
      expect(body).toMatchObject({
        includeRegions: ["XX", "YY"],
        excludeRegions: ["AA"],
        travelers: "never",
        maxRecords: 50,
        minRecords: 5,
        paddingRange: 0,
        periodSeconds: HOUR,
        thru: null,
      });
    });

    test("lets it end, or not, until it has", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(1));
      const end = (thru: string | null) => world.operator.patch<ExportBody>("/v1/exports/main", { thru });
      expect(await end(isoTime(START + HOUR))).toMatchObject({
        status: 400,
        body: { code: "export_settings_invalid" },
      });
      expect((await end(isoTime(START + 3 * HOUR))).body.thru).toBe(isoTime(START + 3 * HOUR));
      expect((await end(null)).body.thru).toBeNull();
      await end(isoTime(START + 2 * HOUR + 60));
      await world.run(after(4));
      expect(await show(world, after(4))).toMatchObject({
        exportedUntil: isoTime(START + 2 * HOUR + 60),
        endedAt: isoTime(after(4)),
        lagSeconds: 0,
      });
      expect(await end(null)).toMatchObject({ status: 400, body: { code: "export_settings_invalid" } });
    });

    test.each([
      ["settings that contradict each other", { minRecords: 600, paddingRange: 600_000 }, "export_settings_invalid"],
      ["a region in and out", { excludeRegions: ["xx"] }, "export_settings_invalid"],
      ["a period that does not divide the day", { periodSeconds: 7 }, "period_invalid"],
      ["another location", { location: "other" }, "request_invalid"],
      ["another beginning", { from: isoTime(START) }, "request_invalid"],
    ])("is refused with %s", async (_, change, code) => {
      const world = await make();
      const { body: before } = await world.operator.post("/v1/exports", NEW);
      expect(await world.operator.patch("/v1/exports/main", change)).toMatchObject({ status: 400, body: { code } });
      expect(await show(world)).toEqual(before);
    });
  });

  describe("ending one", () => {
    test("ends it now, once it has exported something", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(2));
      world.clock.set(after(2));
      expect((await endOf(world)).body).toMatchObject({ thru: isoTime(after(2)) });
    });

    test.each([
      ["in the second in which it was made", 0],
      ["before it begins", 2 * HOUR],
    ])("ends it right after its beginning when asked %s", async (_, later) => {
      const world = await make();
      const from = world.clock.now() + later;
      await world.operator.post("/v1/exports", { ...NEW, from: isoTime(from) });
      expect(await endOf(world)).toMatchObject({ status: 200, body: { thru: isoTime(from + 1) } });
    });

    test("ends it where it has come to when that lies ahead of the clock", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(5));
      expect((await endOf(world)).body).toMatchObject({ thru: isoTime(START + 6 * HOUR) });
    });

    test("takes an instant, and refuses what was exported, the ended, and auditors", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(2));
      const thru = isoTime(world.clock.now() + DAY);
      expect((await endOf(world, { thru })).body).toMatchObject({ thru });
      const past = await endOf(world, { thru: isoTime(START + HOUR) });
      expect(past).toMatchObject({ status: 400, body: { code: "export_settings_invalid" } });
      expect(past.body).toMatchObject({ message: expect.stringContaining(`up to ${isoTime(START + 3 * HOUR)}`) });
      expect((await world.auditor.post("/v1/exports/main/end", {})).status).toBe(403);
      await endOf(world);
      await world.run(after(5));
      expect(await endOf(world)).toMatchObject({ status: 400, body: { code: "export_settings_invalid" } });
    });
  });

  describe("continuing one", () => {
    test("exports what was released since its end, and every key once", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      await world.run(after(0));
      await endOf(world, { thru: isoTime(START + HOUR + 1_800) });
      await world.run(after(2));
      expect(await show(world, after(2))).toMatchObject({ endedAt: expect.any(String) });
      await world.save({ primaries: makeKeys(10, 4) }, during(4));
      await world.run(after(5));
      expect(world.follower.keys.size).toBe(3);
      const continued = await world.operator.post<ExportBody>("/v1/exports/main/continuation", {});
      expect(continued).toMatchObject({ status: 200, body: { endedAt: null, thru: null } });
      await world.save({ primaries: makeKeys(20, 5) }, during(6));
      await world.run(after(7));
      expect(world.follower.keys.size).toBe(12);
      expect(world.follower.problems).toEqual([]);
      expect(await show(world, after(7))).toMatchObject({ exportedUntil: isoTime(START + 8 * HOUR), endedAt: null });
    });

    test("is refused where it goes on, where there is none, and to auditors", async () => {
      const world = await make();
      await world.createExport();
      const resume = (client = world.operator, name = "main") => client.post(`/v1/exports/${name}/continuation`, {});
      expect(await resume()).toMatchObject({ status: 400, body: { code: "export_settings_invalid" } });
      expect(await resume(world.operator, "other")).toMatchObject({ status: 404, body: { code: "export_unknown" } });
      expect(await resume(world.auditor)).toMatchObject({ status: 403 });
    });
  });

  describe("exporting a stretch once more", () => {
    test("brings what a new region adds to it, and nothing twice", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      for (let hour = 0; hour < 4; hour++) {
        await world.save({ primaries: makeKeys(hour * 10, 3) }, during(hour));
        await world.save({ regions: ["YY"], primaries: makeKeys(100 + hour * 10, 2) }, during(hour));
      }
      await world.run(after(3));
      expect(world.follower.keys.size).toBe(12);
      await world.operator.patch("/v1/exports/main", { includeRegions: ["XX", "YY"] });
      const { status, body } = await backfill(world, 1, 3);
      expect([status, body]).toMatchObject([202, { cursor: null, completedAt: null, archives: 0 }]);
      await world.run(after(4));
      expect(world.follower.keys.size).toBe(16);
      expect(world.follower.problems).toEqual([]);
      expect(await show(world)).toMatchObject({
        totals: { archives: 5, primaries: 16 },
        backfills: [
          {
            ...body,
            cursor: isoTime(START + 3 * HOUR),
            completedAt: isoTime(after(4)),
            archives: 1,
            primaries: 4,
            leftOut: 6,
          },
        ],
      });
      await world.run(after(5));
      expect(world.follower.archives).toHaveLength(5);
    });

    test.each([
      ["that was not exported yet", 1, 4],
      ["that is to come", 10, 11],
      ["of no length", 1, 1],
      ["that ends before it begins", 2, 1],
    ])("is refused for one %s", async (_, from, thru) => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(2));
      expect(await backfill(world, from, thru)).toMatchObject({
        status: 400,
        body: { code: "export_stretch_invalid" },
      });
      expect(await show(world)).toMatchObject({ backfills: [] });
    });

    test("ends where the export has come to unless the request says otherwise", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      await world.run(after(2));
      const { status, body } = await world.operator.post("/v1/exports/main/backfills", { from: isoTime(START) });
      expect([status, body]).toMatchObject([202, { from: isoTime(START), thru: isoTime(START + 3 * HOUR) }]);
    });

    test("is refused where nothing was exported, and to auditors", async () => {
      const world = await make();
      await world.operator.post("/v1/exports", NEW);
      expect((await backfill(world, -2, -1)).body).toMatchObject({ code: "export_stretch_invalid" });
      expect((await world.auditor.post("/v1/exports/main/backfills", {})).status).toBe(403);
    });
  });
});
