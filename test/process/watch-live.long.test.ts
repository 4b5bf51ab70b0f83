// A real `enks serve` watches itself through its own listener: what is lost on its disk is told in the status, the log and the metrics.

import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { StatusBody } from "../../src/app/status/status-schemas.ts";
import { makeLiveServer } from "../support/live-server.ts";
import { PATIENCE } from "../support/patience.ts";

test("archives that are removed from the disk, and a signing key that is gone, are told within a round", async () => {
  await using server = await makeLiveServer();
  await server.start();
  await server.generate(5);
  await server.everythingIsPublished();
  const status = async () => (await server.ask("/v1/status")).body as unknown as StatusBody;
  const round = async () => {
    await server.ask("/v1/jobs/watch-locations/runs", { subject: "client" });
    await server.ask("/v1/jobs/watch-flow/runs", {});
  };
  const seen = (wanted: (found: StatusBody) => void) =>
    vi.waitFor(async () => {
      await round();
      wanted(await status());
    }, PATIENCE);
  await seen(({ locations, alarms }) => {
    expect(locations[0]?.atPhones?.outcome).toBe("seen");
    expect(alarms).toEqual([]);
  });

  const tree = join(server.folder, "objects", "client");
  const archives = readdirSync(tree).filter((name) => name.endsWith(".zip"));
  for (const name of archives) rmSync(join(tree, name));
  const keys = join(server.folder, "signing-keys");
  const away = `${keys}-away`;
  moveFiles(keys, away);
  await seen(({ freshness, alarms }) => {
    expect(freshness).toBe("broken");
    expect(alarms.map(({ reason }) => reason).toSorted()).toEqual([
      "watch_archive_missing",
      "watch_signing_key_missing",
    ]);
  });
  await vi.waitFor(async () => expect(await server.unready()).toContain("seal_key_missing"), PATIENCE);
  const told = await server.process().next("watch.alarm-raised", { code: "watch_archive_missing" });
  expect(told).toMatchObject({ kind: "location", name: "client", remedy: expect.stringContaining("backup") });

  moveFiles(away, keys);
  await seen(({ alarms }) => expect(alarms.map(({ reason }) => reason)).toEqual(["watch_archive_missing"]));
  await vi.waitFor(async () => expect(await server.unready()).toEqual([]), PATIENCE);
});

function moveFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
}
