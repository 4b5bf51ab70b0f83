// Sources through the admin API: made, listed, watched, retried. The client checks every answer against the document.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUR, isoTime } from "../../src/core/clock.ts";
import type { NewSourceBody, SourceBody, SourcePage } from "../../src/features/import/admin-schemas.ts";
import type { AdminClient } from "../support/admin-client.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { NOW } from "../support/import-world.ts";
import { SAMPLE_WINDOW, sampleKeys } from "../support/sample-archives.ts";
import { refusalOf, SOURCE_PATH, type SourceApi, startSourceApi } from "../support/source-api.ts";

const ARCHIVE = `${SAMPLE_WINDOW.start}-${SAMPLE_WINDOW.end}-00001.zip`;

describeOnEachDatabase("the admin API of sources", (open) => {
  let api: SourceApi;
  beforeEach(async () => {
    api = await startSourceApi(open);
  });
  afterEach(() => api.close());

  describe("a source", () => {
    const wanted: NewSourceBody = {
      name: "Other.State-1",
      indexUrl: "https://state.example/index.txt?token=secret",
      baseUrl: "https://state.example/files?token=secret",
      region: "de-by",
    };

    test("is made with defaults, and shown without the queries of its URLs", async () => {
      const { status, body } = await api.admin.operator.post<SourceBody>("/v1/sources", wanted);
      expect([status, body]).toEqual([
        201,
        {
          name: "Other.State-1",
          supplier: "Other.State-1",
          indexUrl: "https://state.example/index.txt?hidden",
          baseUrl: "https://state.example/files?hidden",
          region: "DE-BY",
          headerRegions: ["DE-BY"],
          otherEntries: [],
          batchParts: false,
          onsetCodes: false,
          traveler: false,
          allowPrivateAddresses: false,
          from: isoTime(NOW),
          until: null,
          life: "following",
          endedAt: null,
          givenUp: null,
          trustedKeys: [],
          check: {
            checkedAt: null,
            outcome: null,
            code: null,
            reachedAt: null,
            suspiciousCount: 0,
            suspiciousAt: null,
            refusedLineCount: 0,
            refusedLines: [],
          },
          files: { waiting: 0, complete: 0, quarantined: 0, skipped: 0 },
          oldestWaiting: null,
          lastCompleted: null,
          keys: {
            keyCount: 0,
            savedCount: 0,
            repeatedCount: 0,
            droppedCount: 0,
            refusedCount: 0,
            outcomes: {},
            refusals: {},
          },
        },
      ]);
      expect(await api.world.feature.listSources()).toContainEqual(
        expect.objectContaining({ indexUrl: wanted.indexUrl, baseUrl: wanted.baseUrl }),
      );
      const audited = await api.lastAudit();
      expect(audited).toMatchObject({ operation: "createSource", outcome: "done", before: null });
      expect(JSON.stringify(audited)).not.toContain("secret");
    });

    test("is made with everything given", async () => {
      const given = {
        ...wanted,
        headerRegions: ["de", "DE", "at"],
        otherEntries: ["readme.txt"],
        batchParts: true,
        onsetCodes: true,
        traveler: true,
        allowPrivateAddresses: true,
        from: "2026-12-01T00:00:00Z",
        until: "2026-12-02T00:00:00Z",
      };
      expect(await refusalOf(api.admin.operator.post("/v1/sources", given))).toEqual([403, "role_insufficient"]);
      const { body } = await api.admin.administrator.post<SourceBody>("/v1/sources", given);
      const { name: _name, region: _region, indexUrl: _index, baseUrl: _base, headerRegions: _, ...settings } = given;
      expect(body).toMatchObject({ ...settings, headerRegions: ["DE", "AT"] });
    });

    test("is made with whom it trusts, by an administrator, and all or nothing", async () => {
      const one = { keyId: "310", keyVersion: "v1", publicKeyPem: api.world.signer.pem };
      const { operator, administrator } = api.admin;
      expect(await refusalOf(addWith(operator, wanted, one))).toEqual([403, "role_insufficient"]);
      expect(await refusalOf(addWith(administrator, wanted, one, one))).toEqual([409, "trusted_key_exists"]);
      for (const keyId of [" 310", "310 ", "\u00a0310"]) {
        expect(await refusalOf(addWith(administrator, wanted, { ...one, keyId }))).toEqual([400, "request_invalid"]);
      }
      expect((await addWith(administrator, wanted, one)).body.trustedKeys).toMatchObject([
        { keyId: "310", keyVersion: "v1" },
      ]);
    });

    test.each([
      ["under a name that is taken", { name: "state" }, 409, "source_exists"],
      ["under an impossible name", { name: "-" }, 400, "request_invalid"],
      ["with an index on the file system", { indexUrl: "file:///etc/passwd" }, 400, "source_invalid"],
      ["with credentials", { baseUrl: "https://user:word@state.example/" }, 400, "source_invalid"],
      ["with the shown form of a query", { baseUrl: "https://state.example/?hidden" }, 400, "source_invalid"],
      ["for a region of six letters", { region: "ABCDEF" }, 400, "request_invalid"],
      ["for no header region", { headerRegions: [] }, 400, "request_invalid"],
      ["for a day that is none", { from: "2026-02-30T25:00:00Z" }, 400, "request_invalid"],
      ["that ends before it begins", { until: "2026-01-01T00:00:00Z" }, 400, "source_invalid"],
    ])("is not made %s", async (_, wrong, status, code) => {
      expect(await refusalOf(api.admin.operator.post("/v1/sources", { ...wanted, ...wrong }))).toEqual([status, code]);
      expect(await api.world.feature.listSources()).toHaveLength(1);
    });

    test("that nobody has heard of is unknown everywhere", async () => {
      const path = "/v1/sources/none";
      const { administrator: by } = api.admin;
      const trusted = { keyId: "1", keyVersion: "1", publicKeyPem: api.world.signer.pem };
      for (const asked of [
        by.get(path),
        by.get(`${path}/files`),
        by.patch(path, {}),
        by.post(`${path}/retries`, {}),
        by.post(`${path}/trusted-keys`, trusted),
        by.patch(`${path}/trusted-keys/1`, { until: null }),
      ]) {
        expect(await refusalOf(asked)).toEqual([404, "source_unknown"]);
      }
    });

    test("are listed by name, in pages", async () => {
      for (const name of ["Zeta", "alpha"]) await api.admin.operator.post("/v1/sources", { ...wanted, name });
      const first = (await api.admin.auditor.get<SourcePage>("/v1/sources?limit=2")).body;
      const second = (await api.admin.auditor.get<SourcePage>(`/v1/sources?limit=2&after=${first.next}`)).body;
      expect([first.items.map(({ name }) => name), second.items.map(({ name }) => name), second.next]).toEqual([
        ["Zeta", "alpha"],
        ["state"],
        null,
      ]);
      expect(second.items).toEqual([await api.show()]);
    });
  });

  describe("how fresh it is", () => {
    test("is told with the last archive and where its keys went", async () => {
      await api.world.publish(ARCHIVE, { primaries: sampleKeys(3) });
      api.world.list(ARCHIVE);
      await api.world.run();
      expect(await api.show()).toMatchObject({
        check: { checkedAt: isoTime(NOW), outcome: "listed", code: null, reachedAt: isoTime(NOW) },
        files: { waiting: 0, complete: 1, quarantined: 0, skipped: 0 },
        oldestWaiting: null,
        lastCompleted: { line: ARCHIVE, completedAt: isoTime(NOW), windowEnd: isoTime(SAMPLE_WINDOW.end) },
        keys: {
          keyCount: 3,
          savedCount: 3,
          repeatedCount: 0,
          droppedCount: 0,
          refusedCount: 0,
          outcomes: { inserted: 3 },
          refusals: {},
        },
      });
    });

    test("is told with what waits, while its index is away and was odd before", async () => {
      api.world.list("a.zip", "b.zip");
      api.world.serve("a.zip", { status: 503 });
      await api.world.run();
      api.world.list("c.zip", "/../d.zip");
      api.world.clock.advance(HOUR);
      await api.world.feature.discoverArchives(api.world.source, api.world.clock.now());
      api.world.server.put("/state/index.txt", { status: 500 });
      api.world.clock.advance(HOUR);
      await api.world.feature.discoverArchives(api.world.source, api.world.clock.now());
      expect(await api.show()).toMatchObject({
        check: {
          checkedAt: isoTime(NOW + 2 * HOUR),
          outcome: "failed",
          code: "index_unavailable",
          reachedAt: isoTime(NOW + HOUR),
          suspiciousCount: 1,
          suspiciousAt: isoTime(NOW + HOUR),
          refusedLineCount: 1,
          refusedLines: [{ line: "/../d.zip", reason: "line_leaves_base" }],
        },
        files: { waiting: 3, complete: 0, quarantined: 0, skipped: 0 },
        oldestWaiting: { line: "a.zip", state: "retry", reason: "archive_unavailable", discoveredAt: isoTime(NOW) },
      });
    });

    test("does not believe a name whose window ends in the future", async () => {
      await api.world.publish("1-999999999999999.zip", { primaries: sampleKeys(1) });
      api.world.list("1-999999999999999.zip");
      await api.world.run();
      expect((await api.show()).lastCompleted).toMatchObject({ line: "1-999999999999999.zip", windowEnd: null });
    });
  });

  describe("its archives", () => {
    test("are listed by state with what became of each, the last discovered first, in pages", async () => {
      await api.world.publish("a.zip", { primaries: sampleKeys(2) });
      api.world.serve("b.zip", { body: "no archive" });
      api.world.list("a.zip", "b.zip", "c.zip");
      await api.world.run();
      await api.world.runHours(3);
      const byState = async (state: string) => (await api.files(`?state=${state}`)).items.map(({ line }) => line);
      expect(await byState("all")).toEqual(["c.zip", "b.zip", "a.zip"]);
      expect(await byState("waiting")).toEqual(["c.zip"]);
      expect(await byState("complete")).toEqual(["a.zip"]);
      expect(await byState("quarantined")).toEqual(["b.zip"]);
      const { items, next } = await api.files("?limit=2");
      expect(items.map(({ line }) => line)).toEqual(["c.zip", "b.zip"]);
      const rest = await api.files(`?limit=2&after=${next}`);
      expect([rest.items.map(({ line }) => line), rest.next]).toEqual([["a.zip"], null]);
      expect(rest.items[0]).toEqual({
        line: "a.zip",
        state: "complete",
        reason: null,
        attempts: 1,
        listed: true,
        discoveredAt: isoTime(NOW),
        nextAttemptAt: null,
        quarantinedAt: null,
        lastCheckedAt: isoTime(NOW),
        completedAt: isoTime(NOW),
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        byteCount: expect.any(Number),
        keyCount: 2,
        savedCount: 2,
        repeatedCount: 0,
        droppedCount: 0,
        refusedCount: 0,
        outcomes: { inserted: 2 },
        refusals: {},
      });
      expect(items[1]).toMatchObject({ state: "quarantined", reason: "archive_not_zip", attempts: 3, keyCount: null });
    });

    test.each(["?state=lost", "?after=0", "?after=x", "?limit=0"])("are not listed with %s", async (query) => {
      expect(await refusalOf(api.admin.auditor.get(`${SOURCE_PATH}/files${query}`))).toEqual([400, "request_invalid"]);
    });

    test("get another chance, one or all, and only those that have failed", async () => {
      api.world.serve("a.zip", { body: "no archive" });
      api.world.serve("b.zip", { body: "no archive" });
      await api.world.publish("c.zip", { primaries: sampleKeys(1) });
      api.world.list("c.zip", "a.zip", "b.zip");
      await api.world.run();
      await api.world.runHours(3);
      expect(await api.retry({ line: "c.zip" })).toBe(0);
      expect(await api.retry({ line: "a.zip" })).toBe(1);
      expect((await api.files("?state=waiting")).items).toMatchObject([{ line: "a.zip", state: "open", attempts: 0 }]);
      expect(await api.retry({})).toBe(1);
      expect(await api.lastAudit()).toMatchObject({
        operation: "retrySourceFiles",
        before: { files: { quarantined: 1 } },
      });
    });
  });
});

function addWith(by: AdminClient, source: object, ...trustedKeys: unknown[]) {
  return by.post<SourceBody>("/v1/sources", { ...source, trustedKeys });
}
