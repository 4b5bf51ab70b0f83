// A machine whose clock is set wrong while a server runs on it: nothing is lost, unlisted or refused for it.

import { expect, test, vi } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { type LiveServer, makeLiveServer } from "../support/live-server.ts";
import { PATIENCE } from "../support/patience.ts";

async function untilUnready(server: LiveServer, codes: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await server.unready()).toEqual(codes), PATIENCE);
}

async function runsOfExport(server: LiveServer): Promise<number> {
  const { body } = await server.ask("/v1/jobs");
  const { items } = body as { items: { name: string; runs: number }[] };
  return items.find(({ name }) => name === "export")?.runs ?? 0;
}

test("a server goes on through jumps of days ahead and back, and exports what came meanwhile", async () => {
  await using server = await makeLiveServer();
  await server.startLater(0);
  const expiresAt = isoTime(systemClock.now() + 2 * HOUR);
  const made = await server.ask("/v1/principals", { name: "anna", role: "auditor", expiresAt });
  expect(made.status).toBe(201);
  await server.generate(3);
  await server.everythingIsPublished();
  const [first] = server.follower.lines;

  for (const jump of [20 * DAY, 0, -20 * DAY, 0, 3 * HOUR, 0]) {
    server.setClock(jump);
    await untilUnready(server, jump === 0 ? [] : ["clock_jumped"]);
    await server.generate(2);
    await server.everythingIsPublished();
    const runs = await runsOfExport(server);
    await vi.waitFor(async () => expect(await runsOfExport(server)).toBeGreaterThan(runs + 2), PATIENCE);
  }

  expect(server.follower.lines[0]).toBe(first);
  expect(server.follower.archives.every(({ header }) => header.end <= systemClock.now())).toBe(true);
  const said = server.process().lines.filter(({ code }) => code === "clock_jumped");
  expect(said.map(({ bySeconds }) => Math.round(Number(bySeconds) / HOUR))).toEqual([480, -480, 3]);
  expect(await server.ask(`/v1/principals/anna`)).toMatchObject({ body: { expiresAt } });
});

test("a server that is started while the clock is behind publishes nothing until it is put right", async () => {
  await using server = await makeLiveServer();
  await server.startLater(0);
  await server.generate(2);
  await server.everythingIsPublished();
  await server.kill();

  await server.startLater((-20 * DAY) / MINUTE);
  await untilUnready(server, ["clock_behind"]);
  await server.generate(2);
  server.setClock(0);
  await untilUnready(server, []);
  await server.everythingIsPublished();
  await server.generate(2);
  await server.everythingIsPublished();
});

test("a server that is started with a clock a month ahead expires and publishes nothing, and says so", async () => {
  await using server = await makeLiveServer();
  await server.startLater(0);
  await server.generate(2);
  await server.everythingIsPublished();
  const { lines } = server.follower;
  await server.kill();

  await server.startLater((30 * DAY) / MINUTE);
  await untilUnready(server, ["clock_ahead"]);
  const { body } = await server.ask("/v1/status");
  expect(body).toMatchObject({ freshness: "broken", clock: { reasons: ["clock_ahead"], waits: "everything" } });
  // Every job was due at the start.
  await vi.waitFor(async () => {
    const { items } = (await server.ask("/v1/jobs")).body as { items: { name: string; waitsFor: string | null }[] };
    const waiting = items.filter(({ waitsFor }) => waitsFor === "clock_in_doubt").map(({ name }) => name);
    expect(waiting).toEqual(
      expect.arrayContaining(["export", "publish-index", "delete-archives", "clean-up-exposures"]),
    );
  }, PATIENCE);
  await server.follower.check();
  expect(server.follower.lines).toEqual(lines);

  server.setClock(0);
  await untilUnready(server, []);
  await server.generate(2);
  await server.everythingIsPublished();
  expect(server.follower.lines.slice(0, lines.length)).toEqual(lines);
});
