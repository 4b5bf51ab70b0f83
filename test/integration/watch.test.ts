// The server watches itself from where phones are: each situation is seen within one round, and ends when it is mended.

import { describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { continueExport } from "../../src/features/export/continue-export.ts";
import { changeExport } from "../../src/features/export/manage-configs.ts";
import { requestBackfill } from "../../src/features/export/request-backfill.ts";
import { describeOnEachDatabase, type OpenDatabase } from "../support/databases.ts";
import { START } from "../support/location-world.ts";
import { sized } from "../support/test-size.ts";
import { cachingFront, makeWatchWorld } from "../support/watch-world.ts";

/** Beyond the retention in the long run. */
const DAYS = sized(2, 18);

describeOnEachDatabase("the watch", (open) => {
  test("has nothing to say where all is well, and asks for what it knows in no body again", async () => {
    await using world = await makeWatchWorld(open);
    await world.createExport();
    const empty = await world.round();
    expect(empty).toMatchObject({ freshness: "healthy", alarms: [], exposures: { freshness: "healthy" } });
    expect(empty.locations).toMatchObject([{ atPhones: { outcome: "waiting", code: null } }]);
    for (let hour = 0; hour < 3; hour++) {
      await world.upload(hour * 10, 5);
      await world.work(HOUR);
      expect(await world.alarms()).toEqual([]);
    }
    const { locations, freshness } = await world.status();
    expect(freshness).toBe("healthy");
    expect(locations).toMatchObject([
      { listedArchives: 3, atPhones: { outcome: "seen", code: null, seenAt: isoTime(START + 3 * HOUR) } },
    ]);
    const outcomes: string[] = [];
    world.setFront(async (_request, pass) => {
      const result = await pass();
      outcomes.push(result.outcome);
      return result;
    });
    world.clock.advance(5 * MINUTE);
    expect(await world.alarms()).toEqual([]);
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => "not_modified"));
    expect(world.events.filter(({ event }) => event.startsWith("watch."))).toEqual([
      { event: "watch.look-changed", level: "info", location: "client", outcome: "seen", code: null },
    ]);
  });

  describe("of accepted keys that no export takes", () => {
    test("tells a region that was wrong, and the command that mends it mends it", async () => {
      await using world = await makeWatchWorld(open);
      await world.createExport();
      await world.upload(0, 940, { origin: { kind: "import", supplierId: 1 }, regions: ["US-OR"] });
      await world.work(0);
      const { alarms, freshness, exposures } = await world.round();
      expect(alarms).toMatchObject([
        { kind: "exposures", name: "US-OR", reason: "watch_keys_unexported", state: "broken", since: isoTime(START) },
      ]);
      expect([freshness, exposures.reasons]).toEqual(["broken", ["watch_keys_unexported"]]);
      expect(alarms[0]?.detail).toContain("940 accepted keys of region US-OR");
      const mend = "enks export change main --include XX,US-OR && enks export backfill main --from ";
      expect(alarms[0]?.remedy).toContain(`${mend}${isoTime(START)}`);
      // The same keys come again under the right region, and stay as they are.
      await world.upload(0, 940, { origin: { kind: "import", supplierId: 1 } });
      await world.upload(2_000, 3);
      await world.work(3 * HOUR);
      expect(await world.alarms()).toEqual(["exposures US-OR watch_keys_unexported"]);
      await change(world, { includeRegions: ["XX", "US-OR"] });
      expect(await world.alarms()).toEqual(["exposures US-OR watch_keys_unexported"]);
      const again = await world.round();
      expect(again.alarms[0]?.remedy).toBe(`enks export backfill main --from ${isoTime(START)}`);
      await backfill(world, START);
      expect(await world.alarms()).toEqual([]);
      await world.work(MINUTE);
      expect(await world.alarms()).toEqual([]);
      expect(await world.server.locations.totals("client")).toMatchObject([{ primaries: 943 }]);
    });

    test("tells keys that come when all exports have ended", async () => {
      await using world = await makeWatchWorld(open);
      await world.createExport();
      await world.upload(0, 5);
      await world.work(2 * HOUR);
      await world.server.exports.end("main", START + 2 * HOUR);
      await world.work(HOUR);
      expect(await world.alarms()).toEqual(["location client watch_location_unfed"]);
      await world.upload(10, 7);
      const { alarms } = await world.round();
      expect(alarms.map(({ reason }) => reason)).toEqual(["watch_keys_unexported", "watch_location_unfed"]);
      expect(alarms[0]?.detail).toContain("7 accepted keys of region XX");
      expect(alarms[0]?.remedy).toBe("enks export continue main");
      await continueExport(world.server.database, "main");
      expect(await world.alarms()).toEqual([]);
      expect(names(world)).toEqual([
        "watch.alarm-raised watch_location_unfed",
        "watch.alarm-raised watch_keys_unexported",
        "watch.alarm-ended watch_keys_unexported",
        "watch.alarm-ended watch_location_unfed",
      ]);
    });

    test("says nothing of keys that were exported, whatever becomes of the filter", async () => {
      await using world = await makeWatchWorld(open);
      await world.createExport({ filter: { includeRegions: ["XX", "YY"], excludeRegions: [], travelers: "never" } });
      await world.upload(0, 5, { regions: ["YY"] });
      await world.work(2 * HOUR);
      await change(world, { includeRegions: ["XX"] });
      for (let hour = 0; hour < 6; hour++) {
        await world.work(HOUR);
        expect(await world.alarms()).toEqual([]);
      }
      await world.upload(10, 5, { regions: ["YY"] });
      expect(await world.alarms()).toEqual(["exposures YY watch_keys_unexported"]);
      await world.work(16 * DAY);
      expect(await world.alarms()).toEqual([]);
    });
  });

  describe("of a published tree", () => {
    test("tells that its objects are gone, and that they are back", async () => {
      const { world, lines } = await publishThree(open);
      await using _ = world;
      const kept = await Promise.all(lines.map(async (name) => [name, (await world.blobs.get(name))?.bytes] as const));
      for (const name of await world.blobs.list("")) await world.blobs.delete(name);
      world.clock.advance(5 * MINUTE);
      expect(await world.alarms()).toEqual(["location client watch_index_missing"]);
      // The index is written again from what the server knows.
      await world.work(5 * MINUTE);
      const { alarms, locations } = await world.round();
      expect(alarms.map(({ reason, state }) => `${reason} ${state}`)).toEqual(["watch_archive_missing broken"]);
      expect(alarms[0]?.detail).toContain(`3 listed archives cannot be had, the first of them ${lines[0]}`);
      expect(locations).toMatchObject([{ freshness: "broken", reasons: ["watch_archive_missing"], fence: "intact" }]);
      for (const [name, bytes] of kept) if (bytes) await world.blobs.put(name, bytes, headers);
      world.clock.advance(5 * MINUTE);
      expect(await world.alarms()).toEqual([]);
    });

    test("tells an archive that was replaced, and one that phones refuse", async () => {
      const { world, lines } = await publishThree(open);
      await using _ = world;
      const [first = "", second = ""] = lines;
      const other = await world.blobs.get(second);
      await world.blobs.delete(first);
      await world.blobs.put(first, other?.bytes ?? new Uint8Array(), headers);
      world.clock.advance(5 * MINUTE);
      expect(await world.alarms()).toEqual(["location client watch_archive_replaced"]);
      await world.blobs.delete(first);
      await world.blobs.put(first, new TextEncoder().encode("no archive"), headers);
      world.clock.advance(5 * MINUTE);
      const { alarms } = await world.round();
      expect(alarms).toMatchObject([{ reason: "watch_archive_unverified", since: isoTime(world.clock.now()) }]);
      expect(alarms[0]?.detail).toContain("archive_not_zip");
    });

    test("tells lines that vanished or are strange", async () => {
      const { world, lines } = await publishThree(open);
      await using _ = world;
      const [, second = "", third = ""] = lines.map((name) => name.slice("client/".length));
      world.setFront(indexOf([`../x`, second, third, "strange.zip"]));
      expect(await world.alarms()).toEqual([
        "location client watch_lines_unknown",
        "location client watch_lines_vanished",
      ]);
    });

    test("tells an index that is no index, and one that a cache keeps for too long", async () => {
      const { world } = await publishThree(open);
      await using _ = world;
      world.setFront(indexOf(["<html>"]));
      expect(await world.alarms()).toEqual(["location client watch_index_unreadable"]);
      world.setFront(cachingFront(world.clock, DAY));
      expect(await world.alarms()).toEqual([]);
      await world.upload(100, 5);
      await world.work(HOUR);
      expect(await world.alarms()).toEqual([]);
      world.clock.advance(12 * MINUTE);
      expect(await world.alarms()).toEqual([]);
      world.clock.advance(1);
      const { alarms } = await world.round();
      expect(alarms).toMatchObject([{ reason: "watch_index_old", since: isoTime(START + 4 * HOUR) }]);
      world.setFront(cachingFront(world.clock));
      expect(await world.alarms()).toEqual([]);
    });

    test("knows that it cannot look, and keeps what it saw before", async () => {
      const { world } = await publishThree(open);
      await using _ = world;
      world.setPublicUrl(null);
      expect((await world.round()).locations).toMatchObject([
        { freshness: "healthy", atPhones: { outcome: "unseen", code: "watch_no_public_url" } },
      ]);
      world.setPublicUrl("http://phones.invalid");
      world.clock.advance(5 * MINUTE);
      expect((await world.round()).alarms).toEqual([]);
      world.clock.advance(15 * MINUTE);
      const { alarms, freshness, locations } = await world.round();
      expect(alarms).toMatchObject([{ reason: "watch_cannot_look", state: "late" }]);
      expect([freshness, locations[0]?.atPhones?.outcome]).toEqual(["late", "unseen"]);
      world.setPublicUrl(world.publicUrl);
      expect(await world.alarms()).toEqual([]);
    });

    test("says nothing of a cache within its time, of lines that expire, nor of what is published meanwhile", async () => {
      const { world } = await publishThree(open);
      await using _ = world;
      world.setFront(cachingFront(world.clock));
      for (let day = 0; day < DAYS; day++) {
        await world.upload(1_000 + day * 10, 3);
        await world.work(DAY);
        expect(await world.alarms()).toEqual([]);
        world.clock.advance(5 * MINUTE);
        expect(await world.alarms()).toEqual([]);
      }
      expect((await world.status()).locations[0]?.listedArchives).toBeLessThan(Math.max(DAYS, 6));
    });
  });

  test("tells a signing key that is missing where archives are sealed, and nowhere else", async () => {
    for (const duties of [["export", "publish"], ["publish"]] as const) {
      await using world = await makeWatchWorld(open, { duties });
      await world.createExport();
      expect([await world.alarms(), await world.server.watch.missingSigningKeys(START)]).toEqual([[], []]);
      // As in a process whose folder of keys is another one.
      world.server.signingKeys.list = async () => [];
      const isSigning = duties.length === 2;
      expect(await world.alarms()).toEqual(isSigning ? ["location client watch_signing_key_missing"] : []);
      expect(await world.server.watch.missingSigningKeys(START)).toEqual(isSigning ? ["seal"] : []);
    }
  });
});

const headers = { contentType: "application/zip", cacheControl: "" };

type World = Awaited<ReturnType<typeof makeWatchWorld>>;

function indexOf(lines: readonly string[]): Parameters<World["setFront"]>[0] {
  return async (request, pass) =>
    request.url.endsWith("index.txt")
      ? {
          outcome: "ok",
          bytes: new TextEncoder().encode(lines.join("\n")),
          contentType: "text/plain",
          etag: null,
          lastModified: null,
        }
      : pass();
}

function names({ events }: World): string[] {
  return events
    .filter(({ event }) => event.startsWith("watch.alarm"))
    .map(({ event, code }) => `${event} ${String(code)}`);
}

async function change({ server }: World, filter: { readonly includeRegions: readonly string[] }): Promise<void> {
  await changeExport(server.database, "main", { filter });
}

async function backfill({ server, clock }: World, from: number): Promise<void> {
  await requestBackfill(server.database, "main", { from, thru: null }, clock.now());
}

/** A world whose location lists three archives, all of which the watch has seen. */
async function publishThree(open: OpenDatabase): Promise<{ readonly world: World; readonly lines: readonly string[] }> {
  const world = await makeWatchWorld(open);
  await world.createExport();
  for (let hour = 0; hour < 3; hour++) {
    await world.upload(hour * 10, 5);
    await world.work(HOUR);
  }
  expect(await world.alarms()).toEqual([]);
  return { world, lines: (await world.blobs.list("client/")).filter((name) => name.endsWith(".zip")) };
}
