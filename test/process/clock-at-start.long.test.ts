// A real server that is started with a wrong clock, and then with a right one, on each database: what is seen of it, and
// that it costs nobody anything.

import { Buffer } from "node:buffer";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { makeRequest, type SentRequest } from "../support/certificates.ts";
import { shiftPostgres } from "../support/clock/shifted-postgres.ts";
import { makeLiveServer } from "../support/live-server.ts";
import { PATIENCE } from "../support/patience.ts";
import { runCommand } from "../support/serve-process.ts";

const postgresUrl = inject("postgresUrl");
/** Asked for by cron, once a minute. */
const CRON_JOB = "clean-up-statistics";
const KEYS_A_REQUEST = 3;

let rest = new AsyncDisposableStack();
afterEach(async () => {
  await rest.disposeAsync();
  rest = new AsyncDisposableStack();
});

/** A server with an app that needs no certificates. */
async function makeServer(kind: "embedded" | "PostgreSQL") {
  const postgres = kind === "embedded" ? null : rest.use(await shiftPostgres(postgresUrl ?? ""));
  const variables = postgres === null ? {} : { DATABASE_URL: postgres.url };
  const live = rest.use(await makeLiveServer({ variables }));
  let publicUrl = "";
  const server = {
    live,
    /** Starts it with its machine's clock, and the database's, wrong by so much. */
    async start(bySeconds: number, ...args: string[]): Promise<void> {
      await postgres?.setClock(bySeconds);
      await live.startLater(bySeconds / MINUTE, args);
      ({ publicUrl } = await live.process().started());
    },
    async stop(): Promise<void> {
      live.process().signal("SIGTERM");
      await live.process().ended();
    },
    /** Answers the status and the code. */
    async upload({ keys, hmacKey }: SentRequest): Promise<[number, string | undefined]> {
      const response = await fetch(`${publicUrl}/v1/publish`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          temporaryExposureKeys: keys,
          healthAuthorityID: "org.open",
          hmacKey: Buffer.from(hmacKey).toString("base64"),
        }),
      });
      const { code }: { code?: string } = JSON.parse(await response.text());
      if (response.status === 503) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      return [response.status, code];
    },
    async accept(request: SentRequest): Promise<void> {
      expect((await server.upload(request))[0]).toBe(200);
      live.expectKeys(KEYS_A_REQUEST);
    },
    enks: (...args: string[]) =>
      runCommand(args, { ENKS_SERVER: live.adminUrl(), ENKS_TOKEN: live.token, ENKS_PROFILES: "/nowhere" }),
    async job(wanted: string): Promise<{ readonly runs: number; readonly waitsFor: string | null }> {
      const { body } = await live.ask("/v1/jobs");
      const { items } = body as { items: { name: string; runs: number; waitsFor: string | null }[] };
      const found = items.find(({ name }) => name === wanted);
      if (found === undefined) throw new Error(`there is no job ${wanted}`);
      return found;
    },
    async untilUnready(...codes: string[]): Promise<void> {
      await vi.waitFor(async () => expect(await live.unready()).toEqual(codes), PATIENCE);
    },
    async untilRunsAgain(job: string): Promise<void> {
      const { runs } = await server.job(job);
      await vi.waitFor(async () => expect((await server.job(job)).runs).toBeGreaterThan(runs), PATIENCE);
    },
  };
  await server.start(0);
  const app = { name: "org.open", regions: ["XX"], authorities: [], bypassCertificate: true };
  expect(await live.ask("/v1/apps", app)).toMatchObject({ status: 201 });
  return server;
}

/** Of the last three days. */
function keysOf(now = systemClock.now()): SentRequest {
  return makeRequest(KEYS_A_REQUEST, Math.floor(now / DAY) * 144, 0);
}

describe.each([
  { kind: "embedded" as const, isThere: true },
  { kind: "PostgreSQL" as const, isThere: postgresUrl !== null },
])("on $kind", ({ kind, isThere }) => {
  test.skipIf(!isThere)("thirty days ahead: it waits, says so everywhere, and goes on when it is right", async () => {
    const server = await makeServer(kind);
    const { live } = server;
    await server.accept(keysOf());
    await live.generate(3);
    await live.everythingIsPublished();
    const lines = [...live.follower.lines];
    await server.stop();

    await server.start(30 * DAY);
    await server.untilUnready("clock_ahead");
    const late = keysOf();
    expect(await server.upload(late)).toEqual([503, "clock_in_doubt"]);
    const status = await server.enks("status");
    expect(status.output).toContain("clock_ahead");
    expect(status.output).not.toContain("all is well");
    expect((await server.enks("status", "--check")).code).toBe(1);
    const { runs } = await server.job("export");
    await vi.waitFor(async () => expect((await server.job(CRON_JOB)).waitsFor).toBe("clock_in_doubt"), PATIENCE);
    expect(await server.job("export")).toMatchObject({ runs, waitsFor: "clock_in_doubt" });
    await live.follower.check();
    expect(live.follower.lines).toEqual(lines);
    await server.stop();

    await server.start(0);
    await server.untilUnready();
    expect((await server.enks("status", "--check")).code).toBe(0);
    await server.accept(late);
    await live.generate(2);
    await live.everythingIsPublished();
    expect(live.follower.lines.slice(0, lines.length)).toEqual(lines);
    await server.untilRunsAgain("export");
    await server.untilRunsAgain(CRON_JOB);
  });

  test.skipIf(!isThere)(
    "twelve hours ahead: what it took meanwhile is published when it is right, and nothing waits for that time",
    async () => {
      const server = await makeServer(kind);
      const { live } = server;
      await live.generate(2);
      await live.everythingIsPublished();
      const lines = [...live.follower.lines];
      await server.stop();

      await server.start(12 * HOUR);
      await server.accept(keysOf());
      await server.untilRunsAgain("export");
      await server.untilRunsAgain("export");
      await server.accept(keysOf());
      await server.stop();

      await server.start(0);
      await server.accept(keysOf());
      await live.everythingIsPublished();
      await live.generate(1);
      await live.everythingIsPublished();
      expect(live.follower.lines.slice(0, lines.length)).toEqual(lines);
      await server.untilUnready();
      await server.untilRunsAgain(CRON_JOB);
    },
  );

  test.skipIf(!isThere)(
    "after forty days off: the operator says that the clock is right, and it goes on at the new time",
    async () => {
      const server = await makeServer(kind);
      const { live } = server;
      await live.generate(2);
      await live.everythingIsPublished();
      await server.stop();

      if (kind === "PostgreSQL") {
        await server.start(40 * DAY, "--clock-is-right");
      } else {
        await server.start(40 * DAY);
        await server.untilUnready("clock_ahead");
        expect(await server.enks("clock", "show")).toMatchObject({ code: 0 });
        expect(await server.enks("clock", "confirm")).toMatchObject({ code: 0 });
      }
      await server.untilUnready();
      await server.accept(keysOf(systemClock.now() + 40 * DAY));
      await live.generate(1);
      await live.everythingIsPublished();
    },
  );
});
