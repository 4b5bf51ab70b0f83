// Mirrors through the admin API, on both databases; the client checks every answer against the OpenAPI document.

import { describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import type { AuditPage } from "../../src/features/administration/admin-schemas.ts";
import type {
  MirrorArchivePage,
  MirrorBody,
  MirrorPage,
  NewMirrorBody,
} from "../../src/features/mirror/admin-schemas.ts";
import type { TrustedKeyBody } from "../../src/features/upstreams/trusted-key-schemas.ts";
import type { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { AdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { lineOf, MIRROR_PATH, mirrorAdminWorlds } from "../support/mirror-admin-world.ts";
import type { MirrorWorld } from "../support/mirror-world.ts";
import { makeSigner } from "../support/sample-archives.ts";
import { refusalOf } from "../support/source-api.ts";

describeOnEachDatabase("the admin API of mirrors", (open) => {
  let world: MirrorWorld;
  let admin: AdminWorld;
  let clock: VirtualClock;
  mirrorAdminWorlds(open, (made) => {
    ({ world, admin, clock } = made);
  });

  const show = async () => (await admin.auditor.get<MirrorBody>(MIRROR_PATH)).body;
  const change = (body: object) => admin.operator.patch<MirrorBody>(MIRROR_PATH, body);
  const archives = async (query = "") =>
    (await admin.auditor.get<MirrorArchivePage>(`${MIRROR_PATH}/archives${query}`)).body;
  const trust = (body: object, name = "national") =>
    admin.administrator.post<TrustedKeyBody>(`/v1/mirrors/${name}/trusted-keys`, body);
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

  describe("one", () => {
    test("is made with defaults, and shown without the queries of its URLs", async () => {
      const { status, body } = await admin.administrator.post<MirrorBody>("/v1/mirrors", wanted());
      expect([status, body]).toEqual([
        201,
        {
          name: "second",
          location: "client",
          method: "reseal",
          indexUrl: "https://nation.example/index.txt?hidden",
          baseUrl: "https://nation.example/files?hidden",
          region: "XX",
          maxRecords: 500_000,
          allowPrivateAddresses: false,
          otherEntries: [],
          batchParts: false,
          onsetCodes: false,
          from: isoTime(START),
          until: null,
          life: "following",
          endedAt: null,
          givenUp: null,
          trustedKeys: [
            {
              id: expect.any(Number),
              keyId: "310",
              keyVersion: "v1",
              publicKeyPem: world.nation.pem,
              from: "1970-01-01T00:00:00Z",
              until: null,
            },
          ],
          lastRunAt: null,
          lastOkAt: null,
          lastError: null,
          source: { listedAt: null, newestWindowEnd: null },
          newestWindowEnd: null,
          lastTakenAt: null,
          waitingLines: null,
          lagSeconds: null,
          history: { doneAt: null, takenLines: 0, listedLines: null },
          totals: { taken: 0, archives: 0, primaries: 0, revised: 0, leftOut: 0, refused: 0 },
          skippedLines: 0,
          lostArchives: 0,
        },
      ]);
      expect(await world.mirrors.list()).toContainEqual(expect.objectContaining({ indexUrl: wanted().indexUrl }));
      const audit = (await admin.auditor.get<AuditPage>("/v1/audit?limit=1")).body;
      expect(audit.items).toMatchObject([{ operation: "createMirror", before: null }]);
      expect(JSON.stringify(audit)).not.toContain("secret");
    });

    test.each([
      ["under a name that is taken", { name: "national" }, 409, "mirror_exists"],
      ["under an impossible name", { name: "A/B" }, 400, "request_invalid"],
      ["into a location that there is not", { location: "nowhere" }, 404, "location_unknown"],
      ["without trust", { trustedKeys: [] }, 400, "request_invalid"],
      ["with a base on the file system", { baseUrl: "file:///tmp" }, 400, "mirror_settings_invalid"],
      ["with credentials", { indexUrl: "https://a:b@nation.example/" }, 400, "mirror_settings_invalid"],
      [
        "with the shown form of a query",
        { indexUrl: "https://nation.example/?hidden" },
        400,
        "mirror_settings_invalid",
      ],
      ["with no room for keys", { maxRecords: 0 }, 400, "request_invalid"],
      ["that ends before it begins", { until: "2020-01-01T00:00:00Z" }, 400, "mirror_settings_invalid"],
      ["by another method", { method: "move" }, 400, "request_invalid"],
    ])("is not made %s", async (_, wrong, status, code) => {
      const asked = admin.administrator.post("/v1/mirrors", { ...wanted(), ...wrong });
      expect(await refusalOf(asked)).toEqual([status, code]);
      expect(await world.mirrors.list()).toHaveLength(1);
    });

    test("is made by administrators alone, since it says whom to trust", async () => {
      expect(await refusalOf(admin.operator.post("/v1/mirrors", wanted()))).toEqual([403, "role_insufficient"]);
    });

    test("that nobody has heard of is unknown everywhere", async () => {
      const path = "/v1/mirrors/none";
      const { administrator: by } = admin;
      for (const asked of [
        by.get(path),
        by.get(`${path}/archives`),
        by.patch(path, {}),
        by.post(`${path}/skips`, { line: "a.zip", reason: "none" }),
        by.post(`${path}/unskips`, { line: "a.zip" }),
        by.delete(path),
        by.post(`${path}/trusted-keys`, wanted().trustedKeys[0]),
        by.patch(`${path}/trusted-keys/1`, { until: null }),
      ]) {
        expect(await refusalOf(asked)).toEqual([404, "mirror_unknown"]);
      }
    });

    test("is listed among the others by name, in pages", async () => {
      for (const name of ["alpha", "zeta"]) {
        await admin.administrator.post("/v1/mirrors", { ...wanted(), name, indexUrl: `https://${name}.example/i` });
      }
      const first = (await admin.auditor.get<MirrorPage>("/v1/mirrors?limit=2")).body;
      const second = (await admin.auditor.get<MirrorPage>(`/v1/mirrors?limit=2&after=${first.next}`)).body;
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["alpha", "national", "zeta"]);
      expect([first.items[1], second.next]).toEqual([await show(), null]);
    });
  });

  describe("how far it is", () => {
    test("is told with what it has handed over", async () => {
      await publishHours(1, 2, 3);
      await world.run(START + 4 * HOUR);
      const now = isoTime(START + 4 * HOUR);
      expect(await show()).toMatchObject({
        lastRunAt: now,
        lastOkAt: now,
        lastError: null,
        source: { listedAt: now, newestWindowEnd: isoTime(START + 3 * HOUR) },
        newestWindowEnd: isoTime(START + 3 * HOUR),
        lastTakenAt: now,
        waitingLines: 0,
        lagSeconds: 0,
        history: { doneAt: now, takenLines: 3, listedLines: 3 },
        totals: { taken: 3, archives: 1, primaries: 3 },
      });
      const { items, next } = await archives("?limit=2");
      expect(items.map(({ line, position }) => [line, position])).toEqual([
        [lineOf(3), 3],
        [lineOf(2), 2],
      ]);
      const last = await archives(`?limit=2&after=${next}`);
      expect(last).toEqual({
        items: [
          {
            position: 1,
            line: lineOf(1),
            digest: expect.stringMatching(/^[0-9a-f]{64}$/),
            windowEnd: isoTime(START + HOUR),
            takenAt: now,
            locationLine: expect.stringMatching(/\.zip$/),
            primaries: 3,
            revised: 0,
            leftOut: 0,
            refused: 0,
          },
        ],
        next: null,
      });
    });

    test("is told in windows and lines, and why, where it stopped", async () => {
      await publishHours(1);
      await world.run(START + 2 * HOUR);
      await publishHours(1, 2, 3, 4);
      world.serve(lineOf(3), { status: 404 });
      await world.run(START + 5 * HOUR);
      expect(await show()).toMatchObject({
        lastRunAt: isoTime(START + 5 * HOUR),
        lastOkAt: isoTime(START + 2 * HOUR),
        lastError: "archive_missing",
        source: { newestWindowEnd: isoTime(START + 4 * HOUR) },
        newestWindowEnd: isoTime(START + 2 * HOUR),
        waitingLines: 2,
        lagSeconds: 2 * HOUR,
        history: { takenLines: 2, listedLines: 4 },
      });
    });

    test("is not told by a listing that was not believed, nor by a name of the future", async () => {
      await publishHours(1, 2);
      await world.run(START + 3 * HOUR);
      world.list("1-999999999999999.zip");
      await world.run(START + 4 * HOUR);
      expect(await show()).toMatchObject({
        lastError: "mirror_source_shrank",
        source: { listedAt: isoTime(START + 3 * HOUR), newestWindowEnd: isoTime(START + 2 * HOUR) },
      });
      world.list(lineOf(1), lineOf(2), "1-999999999999999.zip");
      await world.run(START + 5 * HOUR);
      expect(await show()).toMatchObject({
        source: { listedAt: isoTime(START + 5 * HOUR), newestWindowEnd: isoTime(START + 2 * HOUR) },
        waitingLines: 1,
        lagSeconds: 0,
      });
    });
  });

  describe("whom it trusts", () => {
    test("may be one more, with whose archives it goes on", async () => {
      const next = makeSigner("310", "v2");
      await world.publish(lineOf(1), { primaries: makeKeys(0, 1), signer: next });
      world.list(lineOf(1));
      await world.run();
      expect((await show()).lastError).toBe("archive_untrusted");
      const { status, body } = await trust({ keyId: "310", keyVersion: "v2", publicKeyPem: next.pem });
      expect(status).toBe(201);
      expect((await show()).trustedKeys).toMatchObject([{ keyVersion: "v1" }, body]);
      await world.run();
      expect((await show()).lastError).toBeNull();
    });

    test("ends and is given back", async () => {
      const [{ id } = { id: 0 }] = (await show()).trustedKeys;
      const end = (until: string | null) => admin.administrator.patch(`${MIRROR_PATH}/trusted-keys/${id}`, { until });
      expect((await end(isoTime(START))).body).toMatchObject({ id, until: isoTime(START) });
      await publishHours(1);
      await world.run(START + 2 * HOUR);
      expect((await show()).lastError).toBe("archive_untrusted");
      expect((await end(null)).body).toMatchObject({ id, until: null });
      await world.run(START + 2 * HOUR);
      expect((await show()).lastError).toBeNull();
    });

    test("is neither a key of another mirror nor something that is no key", async () => {
      const trusted = { keyId: "1", keyVersion: "1", publicKeyPem: makeSigner().pem };
      const other = { name: "second", location: "client", region: "XX", trustedKeys: [trusted] };
      const urls = { indexUrl: "https://b.example/i", baseUrl: "https://b.example/" };
      const { body } = await admin.administrator.post<MirrorBody>("/v1/mirrors", { ...other, ...urls });
      const asked = admin.administrator.patch(`${MIRROR_PATH}/trusted-keys/${body.trustedKeys[0]?.id}`, {
        until: null,
      });
      expect(await refusalOf(asked)).toEqual([404, "trusted_key_unknown"]);
      expect(await refusalOf(trust({ ...trusted, publicKeyPem: "x" }))).toEqual([400, "public_key_invalid"]);
    });
  });

  describe("its settings", () => {
    test("X13: an end is set and cleared again with no other field", async () => {
      const before = await show();
      const until = isoTime(START + DAY);
      expect((await change({ until })).body).toEqual({ ...before, until });
      expect((await change({ until: null })).body).toEqual(before);
    });

    test.each([
      [{ location: "other" }, "request_invalid"],
      [{ method: "copy" }, "request_invalid"],
      [{ region: "YY" }, "request_invalid"],
      [{ until: "1970-01-01T00:00:00Z" }, "mirror_settings_invalid"],
      [{ indexUrl: "nowhere" }, "mirror_settings_invalid"],
      [{ maxRecords: 0 }, "request_invalid"],
    ])("cannot become %j", async (body, code) => {
      const before = await show();
      expect(await refusalOf(change(body))).toEqual([400, code]);
      expect(await show()).toEqual(before);
    });

    test("end now, right after the beginning, or at an instant", async () => {
      const end = (body: object, name = "national") => admin.operator.post<MirrorBody>(`/v1/mirrors/${name}/end`, body);
      const endedAt = isoTime(clock.now());
      expect((await end({})).body.until).toBe(endedAt);
      clock.advance(MINUTE);
      // It is ending: asked once more, it does not end anew.
      expect((await end({})).body.until).toBe(endedAt);
      const until = isoTime(clock.now() + HOUR);
      expect((await end({ until })).body.until).toBe(until);
      const { from } = await show();
      expect(await refusalOf(end({ until: from }))).toEqual([400, "mirror_settings_invalid"]);
      expect(await refusalOf(admin.auditor.post(`${MIRROR_PATH}/end`, {}))).toEqual([403, "role_insufficient"]);
      await admin.administrator.post("/v1/mirrors", { ...wanted(), from: until });
      expect((await end({}, "second")).body.until).toBe(isoTime(clock.now() + HOUR + 1));
    });

    test("are another place, where it goes on with what it has not taken", async () => {
      await publishHours(1);
      await world.run(START + 2 * HOUR);
      const elsewhere = `${world.server.url}/elsewhere`;
      await publishHours(1, 2);
      for (const path of ["index.txt", lineOf(1), lineOf(2)]) {
        world.server.put(`/elsewhere/${path}`, world.server.get(`/national/${path}`));
      }
      await change({ indexUrl: `${elsewhere}/index.txt`, baseUrl: elsewhere, maxRecords: 7 });
      await world.run(START + 3 * HOUR);
      expect(await show()).toMatchObject({ lastError: null, maxRecords: 7, totals: { taken: 2 } });
      expect(world.server.requests.filter((path) => path.startsWith("/elsewhere"))).toEqual([
        "/elsewhere/index.txt",
        `/elsewhere/${lineOf(2)}`,
      ]);
    });

    test("are no place that lacks what was taken from the old one", async () => {
      await publishHours(1, 2);
      await world.run(START + 3 * HOUR);
      world.server.put("/elsewhere/index.txt", { body: lineOf(3) });
      await change({ indexUrl: `${world.server.url}/elsewhere/index.txt` });
      await world.run(START + 4 * HOUR);
      expect(await show()).toMatchObject({ lastError: "mirror_source_shrank", totals: { taken: 2 } });
    });

    test("keep the query that was hidden where the URL comes back as it was shown", async () => {
      const indexUrl = `${world.server.url}/national/index.txt?token=secret`;
      await change({ indexUrl });
      const shown = await show();
      await change({ indexUrl: shown.indexUrl, baseUrl: shown.baseUrl });
      expect(await world.mirrors.list()).toMatchObject([{ indexUrl }]);
    });
  });
});
