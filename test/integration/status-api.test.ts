// The status of a whole server through the admin API, on both databases; the client checks the answer against the document.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createServer, type Server } from "../../src/app/create-server.ts";
import { readStatus, type StatusDeps } from "../../src/app/status/read-status.ts";
import { statusRoutes } from "../../src/app/status/status-routes.ts";
import type { StatusBody } from "../../src/app/status/status-schemas.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import type { DeadLetter, JobStatus } from "../../src/platform/jobs/job-runner.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { lintApi } from "../support/lint-api.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { buildSample, makeSigner } from "../support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";
import { JOB } from "../support/status-samples.ts";

const LINE = `${START - HOUR}-${START}-00001.zip`;

const indexOf = (tree: string) => `/${tree}/index.txt?token=secret`;

describeOnEachDatabase("the status", (open) => {
  let database: Database;
  let clock: VirtualClock;
  let others: SourceServer;
  let server: Server;
  let deps: StatusDeps;
  let admin: AdminWorld;
  let letters: DeadLetter[];
  const closing: (() => Promise<void>)[] = [];
  const signer = makeSigner();

  /** A job of this server that succeeded just now, every five minutes. */
  const jobStatus = (name: string): JobStatus => ({ ...JOB, name, lastSucceededAt: clock.now() });

  beforeEach(async () => {
    database = await open();
    clock = createVirtualClock(START);
    letters = [];
    others = await startSourceServer();
    const fetcher = createFetcher();
    const surroundings = { clock, random: seededRandom(1), report: reportNothing };
    const adapters = {
      blobs: createMemoryBlobs(),
      signingKeys: createMemorySigningKeys(),
      encryptionKeys: createMemoryEncryptionKeys(),
      fetcher,
    };
    const parts = { database, archiveTools: nodeArchiveTools, ...adapters, ...surroundings };
    server = await createServer(parts, { minWindowAgeSeconds: 10 * MINUTE });
    deps = {
      ...server,
      clock,
      runner: {
        list: async () => server.jobs.map(({ name }) => jobStatus(name)),
        deadLetters: async () => ({ items: letters, next: null }),
      },
      facts: { version: "1.2.3", startedAt: START, duties: ["admin", "export"], publicUrl: "https://cdn.example" },
    };
    const routes = [...server.routes, ...statusRoutes(deps)];
    // The world has an administration of its own.
    const own = new Set(server.administration.routes);
    admin = await startAdminWorld({ database, clock, routes: routes.filter((route) => !own.has(route)) });
    closing.push(
      () => admin.close(),
      () => others.close(),
      () => fetcher.close(),
    );
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const status = async () => (await admin.auditor.get<StatusBody>("/v1/status")).body;
  /** Serves an archive under `/<tree>/<line>`. */
  const publish = async (tree: string, line: string, firstKey: number, end: number) => {
    const content = { primaries: makeKeys(firstKey, 2), revised: makeKeys(0, 0), start: end - HOUR, end };
    others.put(`/${tree}/${line}`, { body: await buildSample([signer], { ...content, region: "XX" }) });
  };
  const list = (tree: string, ...lines: string[]) => others.put(indexOf(tree), { body: lines.join("\n") });
  const urlsOf = (tree: string) => ({
    indexUrl: `${others.url}${indexOf(tree)}`,
    baseUrl: `${others.url}/${tree}`,
    region: "XX",
    allowPrivateAddresses: true,
  });
  /** A location, an export into it, a source and a mirror, each made through the admin API. */
  const configure = async () => {
    const trusted = { keyId: "999", keyVersion: "v1", publicKeyPem: signer.pem };
    const { administrator: by } = admin;
    await by.post("/v1/signing-keys", { name: "seal" });
    await by.post("/v1/locations", { name: "client", seal: { signingKey: "seal", keyId: "262", keyVersion: "v1" } });
    const limits = { periodSeconds: HOUR, minRecords: 0, paddingRange: 0 };
    await by.post("/v1/exports", { name: "main", location: "client", region: "XX", ...limits });
    await by.post("/v1/sources", { name: "state", ...urlsOf("state") });
    await by.post("/v1/sources/state/trusted-keys", trusted);
    const mirror = { name: "national", location: "client", trustedKeys: [trusted], from: isoTime(START) };
    await by.post("/v1/mirrors", { ...mirror, ...urlsOf("national") });
  };
  /** An archive of the nation and one of our own, of the hour that ends so many hours after the start. */
  const publishHour = async (at: number) => {
    const end = START + at * HOUR;
    await publish("national", `${at}.zip`, at, end);
    const content = { primaries: makeKeys(1_000 + at, 1), revised: makeKeys(0, 0) };
    const supply = { supplier: `export:${at}`, region: "XX", start: end - HOUR, end, ...content };
    await server.locations.append("client", supply, end, async () => undefined);
  };
  const runJobs = async () => {
    for (const job of server.jobs) await job.run(clock.now());
  };

  test("is described, with every other route of a server, without a fault", async () => {
    expect(await lintApi((await admin.auditor.get("/v1/openapi.json")).body)).toEqual([]);
  });

  test("of an empty server says what it is and what its database survives", async () => {
    clock.advance(HOUR);
    const { server: itself, clock: itsClock, jobs, ...rest } = await status();
    expect(itsClock).toMatchObject({ freshness: "healthy", reasons: [], waits: "nothing", offBySeconds: 0 });
    expect(itself).toMatchObject({
      version: "1.2.3",
      startedAt: isoTime(START),
      uptimeSeconds: HOUR,
      duties: ["admin", "export"],
      publicUrl: "https://cdn.example",
      database: { kind: database.kind, durability: expect.stringContaining("killed process") },
    });
    const nothingWrong = {
      freshness: "healthy",
      alarms: [],
      exposures: { name: "exposures", freshness: "healthy", reasons: [] },
    };
    const none = { locations: [], exports: [], sources: [], mirrors: [], flow: [] };
    expect(rest).toEqual({ at: isoTime(START + HOUR), ...nothingWrong, ...none });
    expect(jobs.map(({ name }) => name)).toEqual(server.jobs.map(({ name }) => name));
  });

  describe("of a server with every part", () => {
    beforeEach(async () => {
      await configure();
      await publish("state", LINE, 0, START);
      list("state", LINE);
      await publish("national", LINE, 10, START);
      list("national", LINE);
      // The imported keys are released with the hour, and their window is due ten minutes later.
      await runJobs();
      clock.advance(2 * HOUR);
      await runJobs();
      clock.advance(MINUTE);
    });

    test("says of each how fresh it is, what it did and what comes next", async () => {
      const lately = isoTime(START + 2 * HOUR);
      const { locations, exports, sources, mirrors, freshness } = await status();
      expect(freshness).toBe("healthy");
      expect(sources).toEqual([
        {
          name: "state",
          freshness: "healthy",
          reasons: [],
          region: "XX",
          indexUrl: `${others.url}/state/index.txt?hidden`,
          until: null,
          life: "following",
          checkedAt: lately,
          checkOutcome: "unchanged",
          checkCode: null,
          reachedAt: lately,
          suspiciousCount: 0,
          waiting: 0,
          complete: 1,
          quarantined: 0,
          oldestWaitingAt: null,
          lagSeconds: 0,
          lastCompletedAt: isoTime(START),
          newestWindowEnd: isoTime(START),
          keyCount: 2,
          savedCount: 2,
          repeatedCount: 0,
          droppedCount: 0,
          refusedCount: 0,
          trustedKeys: 1,
        },
      ]);
      expect(exports).toEqual([
        {
          name: "main",
          freshness: "healthy",
          reasons: [],
          location: "client",
          region: "XX",
          exportedUntil: isoTime(START + HOUR),
          lagSeconds: 0,
          openWindow: null,
          thru: null,
          life: "following",
          endedAt: null,
          openBackfills: 0,
          lastFailure: null,
        },
      ]);
      expect(mirrors).toEqual([
        {
          name: "national",
          freshness: "healthy",
          reasons: [],
          location: "client",
          method: "reseal",
          indexUrl: `${others.url}/national/index.txt?hidden`,
          until: null,
          life: "following",
          lastRunAt: lately,
          lastOkAt: lately,
          lastError: null,
          listedWindowEnd: isoTime(START),
          newestWindowEnd: isoTime(START),
          waitingLines: 0,
          lagSeconds: 0,
          historyDoneAt: isoTime(START),
          takenLines: 1,
          skippedLines: 0,
          lostArchives: 0,
        },
      ]);
      expect(locations).toMatchObject([
        {
          name: "client",
          freshness: "healthy",
          listedArchives: 2,
          indexCheckedAt: lately,
          indexAgeSeconds: MINUTE,
          nextExpiryAt: expect.any(String),
          fence: "intact",
          lastFailure: null,
          suppliers: [
            { supplier: "export:main", archives: 1, primaries: 2, revised: 0, lastAppendedAt: lately },
            { supplier: "mirror:national", archives: 1, primaries: 2, revised: 0, lastAppendedAt: isoTime(START) },
          ],
        },
      ]);
    });

    test("draws what flows where", async () => {
      const { flow } = await status();
      expect(flow.map(({ from, to }) => `${from.kind}:${from.name} -> ${to.kind}:${to.name}`)).toEqual([
        `origin:${others.url}/state/index.txt?hidden -> source:state`,
        "source:state -> exposures:exposures",
        "exposures:exposures -> export:main",
        "export:main -> location:client",
        `origin:${others.url}/national/index.txt?hidden -> mirror:national`,
        "mirror:national -> location:client",
      ]);
    });

    test("is late where nothing succeeds any more, and broken where somebody has to come", async () => {
      others.put(indexOf("state"), { status: 500 });
      others.put("/national/b.zip", { body: "no archive" });
      list("national", LINE, "b.zip");
      clock.advance(HOUR);
      await runJobs();
      const { sources, mirrors, locations, freshness } = await status();
      expect(sources).toMatchObject([{ freshness: "late", reasons: ["source_unreached"], checkOutcome: "failed" }]);
      expect(mirrors).toMatchObject([
        { freshness: "broken", reasons: ["archive_not_zip", "mirror_late"], waitingLines: 1, lagSeconds: 0 },
      ]);
      expect(locations).toMatchObject([{ freshness: "healthy" }]);
      expect(freshness).toBe("broken");
    });

    test("is broken by a run that failed for good, until another succeeds", async () => {
      letters = [
        { id: "1", job: "export", subject: null, failedAt: clock.now() + 1, code: "unexpected", message: null },
      ];
      const broken = await status();
      expect(broken.freshness).toBe("broken");
      expect(broken.jobs.filter(({ freshness }) => freshness !== "healthy")).toMatchObject([
        { name: "export", reasons: ["job_dead_letters"], deadLetters: 1 },
      ]);
      clock.advance(MINUTE);
      expect(await status()).toMatchObject({ freshness: "healthy" });
    });
  });

  test("costs as many queries with many archives as with one", async () => {
    await configure();
    const garbage = Array.from({ length: 40 }, (_, at) => `${at}.zip`);
    for (const line of garbage) others.put(`/state/${line}`, { body: "no archive" });
    list("state", "0.zip");
    await publishHour(1);
    list("national", "1.zip");
    await runJobs();
    const few = await countStatements(clock.now());
    list("state", ...garbage);
    for (let at = 2; at <= 12; at++) await publishHour(at);
    list("national", ...Array.from({ length: 12 }, (_, at) => `${at + 1}.zip`));
    clock.advance(DAY);
    await runJobs();
    const many = await countStatements(clock.now());
    expect(many.body.sources).toMatchObject([{ waiting: 40 }]);
    expect(many.body.locations[0]?.listedArchives).toBeGreaterThan(12);
    expect(many.body.mirrors).toMatchObject([{ takenLines: 12 }]);
    expect(many.statements).toBe(few.statements);
  });

  async function countStatements(now: number): Promise<{ statements: number; body: StatusBody }> {
    let statements = 0;
    const db = database.db.withPlugin({
      transformQuery({ node }) {
        statements++;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const body = await readStatus(deps, { ...database, db }, now);
    return { statements, body };
  }
});
