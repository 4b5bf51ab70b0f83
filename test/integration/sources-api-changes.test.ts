// Sources through the admin API: whom they trust, other settings, another place.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { NOW, type WorldOptions } from "../support/import-world.ts";
import { buildSample, makeSigner, sampleKeys } from "../support/sample-archives.ts";
import { refusalOf, SOURCE_PATH, type SourceApi, startSourceApi } from "../support/source-api.ts";

const revised = KeyBatch.empty;

/** The same source at another place, which has archives of its own; what it listed stays listed. */
const served = ({ world }: SourceApi) => `${world.server.url}/elsewhere`;

describeOnEachDatabase("changing a source through the admin API", (open) => {
  let api: SourceApi;
  const start = async (options: WorldOptions = {}) => {
    api = await startSourceApi(open, options);
  };
  beforeEach(() => start());
  afterEach(() => api.close());
  const restart = async (options: WorldOptions) => {
    await api.close();
    await start(options);
  };

  describe("whom it trusts", () => {
    beforeEach(() => restart({ trust: false }));

    test("is an administrator's business", async () => {
      expect(await refusalOf(api.trust({}, api.admin.operator))).toEqual([403, "role_insufficient"]);
      expect(await refusalOf(api.trust())).toEqual([201, undefined]);
      expect((await api.show()).trustedKeys).toMatchObject([
        { keyId: "999", keyVersion: "v1", from: "1970-01-01T00:00:00Z", until: null },
      ]);
    });

    test("opens at once what was quarantined for want of it", async () => {
      await api.settle();
      expect((await api.show()).files).toEqual({ waiting: 0, complete: 0, quarantined: 1, skipped: 0 });
      await api.trust();
      expect((await api.show()).files).toEqual({ waiting: 1, complete: 0, quarantined: 0, skipped: 0 });
      await api.world.run();
      expect((await api.show()).files).toEqual({ waiting: 0, complete: 1, quarantined: 0, skipped: 0 });
    });

    test("ends, and with it what its signature opens; given back it opens at once what was refused", async () => {
      const { body } = await api.trust();
      const ended = isoTime(NOW - 1);
      expect((await api.endTrust(body.id, ended)).body).toEqual({ ...body, until: ended });
      await api.settle();
      expect((await api.files()).items).toMatchObject([{ state: "quarantined", reason: "archive_untrusted" }]);
      // A shorter trust changes nothing for them.
      await api.endTrust(body.id, isoTime(NOW - HOUR));
      expect((await api.show()).files.waiting).toBe(0);
      expect((await api.endTrust(body.id, null)).body).toEqual(body);
      expect((await api.show()).files.waiting).toBe(1);
      await api.world.run();
      expect((await api.show()).files.complete).toBe(1);
    });

    test("may be several keys of the same names, of which one ends", async () => {
      const other = (await api.trust({ publicKeyPem: makeSigner().pem })).body;
      const mine = (await api.trust()).body;
      await api.endTrust(other.id, isoTime(NOW));
      expect((await api.show()).trustedKeys.map(({ id, until }) => [id, until])).toEqual([
        [other.id, isoTime(NOW)],
        [mine.id, null],
      ]);
    });

    test("is not a key of another source", async () => {
      const { name: _, ...settings } = { name: "", indexUrl: "https://b.example/", baseUrl: "https://b.example/" };
      await api.admin.operator.post("/v1/sources", { name: "b", region: "BB", ...settings });
      const { body } = await api.trust();
      const asked = api.admin.administrator.patch(`/v1/sources/b/trusted-keys/${body.id}`, { until: null });
      expect(await refusalOf(asked)).toEqual([404, "trusted_key_unknown"]);
      expect(await refusalOf(api.endTrust(body.id + 1, null))).toEqual([404, "trusted_key_unknown"]);
    });

    test("is a public key on P-256, with a name of which each part may be empty", async () => {
      expect(await refusalOf(api.trust({ publicKeyPem: "none" }))).toEqual([400, "public_key_invalid"]);
      expect(await refusalOf(api.trust({ keyId: "a\nb" }))).toEqual([400, "request_invalid"]);
      expect((await api.show()).trustedKeys).toEqual([]);
      await api.trust({ keyId: "", keyVersion: "" });
      expect((await api.show()).trustedKeys).toMatchObject([{ keyId: "", keyVersion: "" }]);
    });
  });

  describe("its settings", () => {
    test("X13: an end is set and cleared again, and nothing else is touched", async () => {
      const before = await api.show();
      const until = isoTime(NOW + DAY);
      expect((await api.change({ until })).body).toEqual({ ...before, until });
      expect((await api.change({ until: null })).body).toEqual(before);
      expect((await api.change({})).body).toEqual(before);
    });

    test.each([
      [{ region: "YY" }, "request_invalid"],
      [{ name: "other" }, "request_invalid"],
      [{ until: "2020-01-01T00:00:00Z" }, "source_invalid"],
      [{ indexUrl: "ftp://state.example/" }, "source_invalid"],
      [{ baseUrl: "https://b.example/?hidden" }, "source_invalid"],
    ])("cannot become %j", async (body, code) => {
      const before = await api.show();
      expect(await refusalOf(api.change(body))).toEqual([400, code]);
      expect(await api.show()).toEqual(before);
    });

    test("are changed by one of two who read the same", async () => {
      const { etag } = await api.admin.operator.get(SOURCE_PATH);
      expect((await api.admin.operator.patch(SOURCE_PATH, { traveler: true }, { ifMatch: etag })).status).toBe(200);
      const second = api.admin.administrator.patch(SOURCE_PATH, { traveler: false }, { ifMatch: etag });
      expect(await refusalOf(second)).toEqual([412, "changed_meanwhile"]);
      expect((await api.show()).traveler).toBe(true);
    });

    test("are audited before and after, however much rubbish the source lists", async () => {
      api.world.list(...Array.from({ length: 100 }, (_, at) => `${at}?${"x".repeat(900)}`));
      await api.world.run();
      expect((await api.show()).check.refusedLines).toHaveLength(100);
      await api.change({ traveler: true });
      expect(await api.lastAudit()).toMatchObject({ before: { traveler: false }, after: { traveler: true } });
    });

    test("hold for what is imported from then on", async () => {
      await restart({ source: { headerRegions: ["QQ"] } });
      await api.settle();
      expect((await api.files()).items).toMatchObject([{ state: "quarantined", reason: "archive_region_not_allowed" }]);
      await api.change({ otherEntries: ["readme.txt"] });
      expect((await api.show()).files.quarantined).toBe(1);
      await api.change({ headerRegions: ["qq", "xx"] });
      expect((await api.show()).files.waiting).toBe(1);
      const [source] = await api.world.feature.listSources();
      if (source) await api.world.feature.importArchives(source, api.world.clock.now());
      expect((await api.show()).files.complete).toBe(1);
    });
  });

  describe("another place", () => {
    test("of the index is read in whole, whatever the old one said about changes", async () => {
      await api.world.publish("a.zip", { primaries: sampleKeys(1) });
      api.world.list("a.zip");
      await api.world.run();
      // A server that says of everything that it has not changed since what the old one said.
      const listing = api.world.server.get("/state/index.txt");
      api.world.server.put("/elsewhere/index.txt", listing);
      await api.change({ indexUrl: `${served(api)}/index.txt` });
      await api.runJobs();
      expect((await api.show()).check).toMatchObject({ outcome: "listed", suspiciousCount: 0 });
      await api.change({ indexUrl: `${served(api)}/index.txt` });
      await api.runJobs();
      expect((await api.show()).check.outcome).toBe("unchanged");
    });

    test("of the index makes a check void that is under way at the old one", async () => {
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
      api.world.server.put("/state/index.txt", { body: "old.zip", after: gate });
      const asked = api.world.server.nextRequest("/state/index.txt");
      const checking = api.world.feature.discoverArchives(api.world.source, NOW);
      await asked;
      await api.change({ indexUrl: `${served(api)}/index.txt` });
      openGate();
      expect((await checking).outcome).toBe("overtaken");
      expect((await api.files()).items).toEqual([]);
    });

    test("of archives with the same bytes imports nothing again", async () => {
      const bytes = await api.world.publish("a.zip", { primaries: sampleKeys(2) });
      api.world.list("a.zip");
      await api.world.run();
      api.world.server.put("/elsewhere/a.zip", { body: bytes });
      await api.change({ baseUrl: served(api) });
      api.world.clock.advance(2 * DAY);
      await api.runJobs();
      expect(api.world.server.requests).toContain("/elsewhere/a.zip");
      expect((await api.files()).items).toMatchObject([
        { state: "complete", attempts: 1, completedAt: isoTime(NOW), lastCheckedAt: isoTime(NOW + 2 * DAY) },
      ]);
    });

    test("of archives is asked without what the old one said about changes, and other bytes are imported", async () => {
      // Both servers number the versions of their files.
      const etag = '"1"';
      api.world.serve("a.zip", {
        etag,
        body: await buildSample([api.world.signer], { primaries: sampleKeys(2), revised }),
      });
      const others = await buildSample([api.world.signer], { primaries: sampleKeys(5), revised });
      api.world.server.put("/elsewhere/a.zip", { etag, body: others });
      api.world.list("a.zip");
      await api.world.run();
      await api.change({ baseUrl: served(api) });
      api.world.clock.advance(2 * DAY);
      await api.runJobs();
      expect((await api.files()).items).toMatchObject([{ state: "complete", keyCount: 5 }]);
      expect((await api.world.importedKeys()).size).toBe(5);
    });

    test("of archives gives what was missing or damaged another chance there, at once", async () => {
      api.world.serve("a.zip", { body: await buildSample([api.world.signer], { region: "ZZ" }) });
      api.world.list("a.zip", "b.zip");
      await api.world.run();
      await api.world.runHours(3);
      expect((await api.show()).files).toEqual({ waiting: 1, complete: 0, quarantined: 1, skipped: 0 });
      const bytes = await buildSample([api.world.signer], { primaries: sampleKeys(4), revised });
      for (const line of ["a.zip", "b.zip"]) api.world.server.put(`/elsewhere/${line}`, { body: bytes });
      await api.change({ baseUrl: served(api) });
      expect((await api.files()).items).toMatchObject([
        { line: "b.zip", state: "open", attempts: 0, reason: null },
        { line: "a.zip", state: "open", attempts: 0, reason: null },
      ]);
      await api.runJobs();
      expect((await api.show()).files).toEqual({ waiting: 0, complete: 2, quarantined: 0, skipped: 0 });
    });

    test("keeps the query that was hidden where the URL comes back as it was shown", async () => {
      const base = `${api.world.server.url}/state?token=secret`;
      await api.change({ baseUrl: base });
      const shown = await api.show();
      expect(shown.baseUrl).toBe(`${api.world.server.url}/state?hidden`);
      await api.change({ baseUrl: shown.baseUrl, indexUrl: shown.indexUrl });
      expect(await api.world.feature.listSources()).toMatchObject([
        { baseUrl: base, indexUrl: api.world.source.indexUrl },
      ]);
    });
  });
});
