// A tree that carries names of the future: every kind of phone takes what comes behind them, at once, and nothing twice.

import { describe, expect, test } from "vitest";
import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import { nodePhoneTools } from "../../src/device/node-phone-tools.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, makeLocationWorld, START } from "../support/location-world.ts";

const BASE = "https://h/";

function fetchFrom(blobs: BlobStore) {
  return async (url: string) => {
    const blob = await blobs.get(url.slice(BASE.length));
    return blob === null ? { status: 404, bytes: new Uint8Array(0) } : { status: 200, bytes: blob.bytes };
  };
}

describeOnEachDatabase("names of the future", (open) => {
  test("are followed by the smallest step", async () => {
    const world = await makeLocationWorld(open);
    await world.append({ primaries: makeKeys(0, 1) }, START + 30 * DAY);
    await world.append({ primaries: makeKeys(1, 1) }, START);
    await world.append({ primaries: makeKeys(2, 1) }, START + HOUR);
    await world.feature.publish("client", START + HOUR);
    await world.follower.check();
    const ahead = START + 30 * DAY;
    expect(world.follower.archives.map(({ header }) => [header.start, header.end])).toEqual([
      [ahead - HOUR, ahead],
      [ahead, ahead + 1],
      [ahead + 1, ahead + 2],
    ]);
    expect(world.follower.problems).toEqual([]);
  });

  test("give way to the right ones when their time has come", async () => {
    const world = await makeLocationWorld(open);
    await world.append({ primaries: makeKeys(0, 1) }, START + 2 * DAY);
    await world.append({ primaries: makeKeys(1, 1) }, START);
    await world.append({ primaries: makeKeys(2, 1) }, START + 3 * DAY);
    await world.feature.publish("client", START + 3 * DAY);
    await world.follower.check();
    expect(world.follower.archives.at(-1)?.header.end).toBe(START + 3 * DAY);
    expect(world.follower.problems).toEqual([]);
  });

  describe("are no hindrance", () => {
    test.each(PHONE_KINDS.map((kind) => [kind.name, kind] as const))("to %s", async (_name, kind) => {
      const world = await makeLocationWorld(open);
      const phone = kind.create({
        name: "phone",
        indexUrl: `${BASE}client/index.txt`,
        baseUrl: `${BASE}client/`,
        trustedKeys: [[world.trustedKey]],
        fetch: fetchFrom(world.blobs),
        tools: nodePhoneTools,
      });
      let keys = 0;
      const live = async (serverSays: UnixSeconds, now: UnixSeconds) => {
        await world.append({ primaries: makeKeys(keys++, 1) }, serverSays);
        await world.feature.publish("client", serverSays);
        await phone.check(now);
      };
      // Something to begin with, as each kind begins with what it wants of it.
      await live(START, START);
      const first = [...phone.heldKeys()].length;
      await live(START + DAY, START + DAY);
      // The server's clock is a month ahead for two archives, then right again.
      await live(START + 32 * DAY, START + 2 * DAY);
      await live(START + 33 * DAY, START + 3 * DAY);
      await live(START + 4 * DAY, START + 4 * DAY);
      await live(START + 5 * DAY, START + 5 * DAY);
      await live(START + 6 * DAY, START + 6 * DAY);

      expect([...phone.heldKeys()].length).toBe(first + 6);
      const { counters } = phone.memory;
      expect(counters).toMatchObject({ checks: 7, checksOk: 7, refusedArchives: 0 });
      expect(counters.repeatedPrimaries > 0).toBe(kind.repeatsByDesign);
    });
  });
});
