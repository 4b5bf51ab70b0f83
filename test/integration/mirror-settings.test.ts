// Making and ending mirrors, and whom they trust when.

import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import { lockMirror, updateMirror } from "../../src/features/mirror/change-queries.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import {
  type MirrorWorld,
  type MirrorWorldOptions,
  makeMirrorWorld,
  mirrorSettings,
  trustIn,
} from "../support/mirror-world.ts";
import { makeSigner } from "../support/sample-archives.ts";
import { pausingBeforeCommit, untilBlockedOrDone } from "../support/transaction-faults.ts";

const worlds: MirrorWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describeOnEachDatabase("the settings of a mirror", (open) => {
  /** With a source that lists one archive. */
  const make = async (options: MirrorWorldOptions = {}) => {
    const world = await makeMirrorWorld(open, options);
    worlds.push(world);
    await world.publish("a.zip", { primaries: makeKeys(0, 1) });
    world.list("a.zip");
    return world;
  };

  test.for([
    ["an index URL that is none", { indexUrl: "national/index.txt" }],
    ["a base URL of another kind", { baseUrl: "ftp://national/" }],
    ["no room for keys", { maxRecords: 0 }],
    ["half a key", { maxRecords: 1.5 }],
    ["an end before its beginning", { from: START, until: START }],
  ] as const)("are refused with %s", async ([_what, wrong]) => {
    const world = await make();
    const settings = { ...mirrorSettings(world.server), name: "other", ...wrong };
    await expect(world.mirrors.create(settings, [trustIn(world.nation)])).rejects.toMatchObject({
      code: "mirror_settings_invalid",
    });
    expect(await world.mirrors.list()).toHaveLength(1);
  });

  test("are refused where another mirror feeds the location from the same index, until that one has ended", async () => {
    const world = await make();
    const settings = mirrorSettings(world.server);
    const again = { ...settings, name: "again", indexUrl: settings.indexUrl.replace("http:", "HTTP:") };
    const trusted = trustIn(world.nation);
    await expect(world.mirrors.create(again, [trusted])).rejects.toMatchObject({ code: "mirror_doubled" });
    const elsewhere = { ...again, indexUrl: "https://other.example/index.txt" };
    await world.mirrors.create(elsewhere, [trusted]);
    expect(await world.mirrors.list()).toHaveLength(2);
  });

  test("need a region where archives are resealed, and none where they are copied", async () => {
    const world = await make();
    const settings = {
      ...mirrorSettings(world.server),
      name: "other",
      indexUrl: "https://other.example/i",
      region: "",
    };
    const trusted = trustIn(world.nation);
    const create = (method: "copy" | "reseal") => world.mirrors.create({ ...settings, method }, [trusted]);
    await expect(create("reseal")).rejects.toMatchObject({ code: "mirror_settings_invalid" });
    await create("copy");
    expect(await world.mirrors.list()).toHaveLength(2);
  });

  test("are refused without trust, with a public key that is none, and under a name that is taken", async () => {
    const world = await make();
    const settings = { ...mirrorSettings(world.server), indexUrl: "https://other.example/index.txt" };
    const trusted = trustIn(world.nation);
    const create = (name: string, keys: (typeof trusted)[]) => world.mirrors.create({ ...settings, name }, keys);
    await expect(create("other", [])).rejects.toMatchObject({ code: "mirror_settings_invalid" });
    await expect(create("other", [{ ...trusted, publicKeyPem: "x" }])).rejects.toMatchObject({
      code: "public_key_invalid",
    });
    await expect(create("national", [trusted])).rejects.toMatchObject({ code: "mirror_exists" });
    expect(await world.mirrors.list()).toHaveLength(1);
  });

  test("a mirror asks nothing before its time, and nothing once it has ended", async () => {
    const world = await make({ settings: { from: START + DAY } });
    await world.mirrors.end("national", START + 2 * DAY);
    await world.run(START + DAY - 1);
    expect(world.server.requests).toEqual([]);
    await world.run(START + 2 * DAY - 1);
    expect(await archivesOf(world)).toBe(1);
    await world.run(START + 2 * DAY);
    const asked = world.server.requests.length;
    await world.run(START + 3 * DAY);
    expect(world.server.requests).toHaveLength(asked);
    await expect(world.mirrors.end("other", START)).rejects.toMatchObject({ code: "mirror_unknown" });
  });

  test("what a mirror has published stays when it has ended", async () => {
    const world = await make();
    await world.run();
    await world.mirrors.end("national", START);
    await world.run();
    await world.publish("b.zip", { primaries: makeKeys(1, 1) });
    world.list("a.zip", "b.zip");
    await world.run();
    await world.feature.publish("client", START);
    expect(await archivesOf(world)).toBe(1);
    expect(world.follower.problems).toEqual([]);
  });

  test("a key is trusted from its beginning on and not from its end on", async () => {
    const world = await make({ trust: { from: START, until: START + DAY } });
    for (const now of [START - 1, START + DAY]) {
      await world.run(now);
      expect([await world.lastError(), await archivesOf(world)]).toEqual(["archive_untrusted", 0]);
    }
    await world.run(START + DAY - 1);
    expect([await world.lastError(), await archivesOf(world)]).toEqual([null, 1]);
  });

  test("the nation changes its seal: the mirror stops, and goes on once it trusts the new one", async () => {
    const world = await make();
    await world.run();
    // Under the name of the old one.
    const next = makeSigner("310", "v1");
    await world.publish("b.zip", { primaries: makeKeys(1, 1), signer: next });
    await world.publish("c.zip", { primaries: makeKeys(2, 1) });
    world.list("a.zip", "b.zip", "c.zip");
    await world.run();
    expect([await world.lastError(), await archivesOf(world)]).toEqual(["archive_signature_invalid", 1]);
    await world.mirrors.addTrustedKey("national", trustIn(next));
    await world.run();
    expect([await world.lastError(), await archivesOf(world)]).toEqual([null, 3]);
  });

  test("a trusted key that is retired is believed no more", async () => {
    const world = await make();
    const next = makeSigner("310", "v2");
    const id = await world.mirrors.addTrustedKey("national", trustIn(next));
    await world.mirrors.changeTrustedKey("national", id, START);
    await world.publish("b.zip", { primaries: makeKeys(1, 1), signer: next });
    world.list("a.zip", "b.zip");
    await world.run();
    expect([await world.lastError(), await archivesOf(world)]).toEqual(["archive_untrusted", 1]);
    const untils = (await world.mirrors.trustedKeys("national")).map(({ keyVersion, until }) => [keyVersion, until]);
    expect(untils).toEqual([
      ["v1", null],
      ["v2", START],
    ]);
  });

  test("trust in a mirror, a trusted key or a public key that is none is refused", async () => {
    const { mirrors, nation } = await make();
    const trusted = trustIn(nation);
    await expect(mirrors.addTrustedKey("other", trusted)).rejects.toMatchObject({ code: "mirror_unknown" });
    await expect(mirrors.addTrustedKey("national", { ...trusted, publicKeyPem: "" })).rejects.toMatchObject({
      code: "public_key_invalid",
    });
    await expect(mirrors.trustedKeys("other")).rejects.toMatchObject({ code: "mirror_unknown" });
    const unknown = mirrors.changeTrustedKey("national", 99, START);
    await expect(unknown).rejects.toMatchObject({ code: "trusted_key_unknown" });
  });

  test("one mirror's failure does not stop the others", async () => {
    const world = await make({ settings: { location: "nowhere" } });
    await world.mirrors.create({ ...mirrorSettings(world.server), name: "second" }, [trustIn(world.nation)]);
    await world.run();
    expect(await archivesOf(world)).toBe(1);
    expect((await world.mirrors.list()).map(({ name, lastError }) => [name, lastError])).toEqual([
      ["national", "location_unknown"],
      ["second", null],
    ]);
  });

  test("a failure that nobody foresaw has a code too, and is one of the job", async () => {
    const world = await make();
    const locations = { ...world.feature, append: () => Promise.reject(new Error("broken")) };
    await expect(world.run(START, world.anotherMirror({ locations }))).rejects.toThrow("broken");
    expect(await world.lastError()).toBe("unexpected");
    const failed = world.events.filter(({ event }) => event === "mirror.failed");
    expect(failed).toMatchObject([{ mirror: "national", code: "unexpected", level: "error" }]);
  });

  test("a failure to forget old lines is one of the run", async () => {
    const world = await make();
    await sql
      .raw(`
        create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
        create trigger refusal before delete on mirror_archive for each statement execute function refuse();`)
      .execute(world.database.db);
    await expect(world.run()).rejects.toThrow("refused");
    expect(await world.lastError()).toBe("unexpected");
    expect(await archivesOf(world)).toBe(1);
  });

  test("two who change one at the same time do so one after the other", async () => {
    const { database } = await make();
    const first = pausingBeforeCommit(database, 0);
    const setting = changeMaxRecords(first.database, () => 7);
    await first.paused;
    const adding = changeMaxRecords(database, (before) => before + 1);
    await untilBlockedOrDone(database, adding);
    first.goOn();
    await Promise.all([setting, adding]);
    expect(await database.transaction((tx) => lockMirror(tx, "national"))).toMatchObject({ maxRecords: 8 });
  });

  test("a source in a private network is asked only when the settings allow it", async () => {
    const world = await make({ settings: { allowPrivateAddresses: false } });
    await world.run();
    expect(await world.lastError()).toBe("fetch_private_address");
    expect(world.server.requests).toEqual([]);
  });
});

/** How many archives a follower has seen that looks now. */
async function archivesOf(world: MirrorWorld): Promise<number> {
  return (await world.follower.check()).archives.length;
}

function changeMaxRecords(database: Database, change: (maxRecords: number) => number): Promise<void> {
  return database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, "national");
    if (mirror === undefined) throw new Error("it is there");
    await updateMirror(tx, { ...mirror, maxRecords: change(mirror.maxRecords) });
  });
}
