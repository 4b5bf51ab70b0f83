// A format of listings that is added in one place, and nowhere else, is followed by an import, a mirror and the client.

import { globSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ListingFormat, listingReaders } from "../../src/archive/listing/listing-reader.ts";
import type { ListingReader } from "../../src/archive/listing/listing-types.ts";
import { createFollower } from "../../src/client/client.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeImportWorld } from "../support/import-world.ts";
import { makeKeys } from "../support/location-world.ts";
import { makeMirrorWorld, primariesOf, sortedNames } from "../support/mirror-world.ts";
import { buildSample, makeSigner } from "../support/sample-archives.ts";
import { startSourceServer } from "../support/source-server.ts";

/** {"zips":["b.zip","a.zip"]}, the newest first. */
const readMadeUp: ListingReader = ({ bytes }) => {
  const { zips } = JSON.parse(new TextDecoder().decode(bytes)) as { zips: string[] };
  return zips.toReversed();
};
const NAME: string = "made-up";
const listingFormat = NAME as ListingFormat;
const write = (...lines: string[]) => ({ body: JSON.stringify({ zips: lines.toReversed() }) });

beforeAll(() => void Reflect.set(listingReaders, NAME, readMadeUp));
afterAll(() => void Reflect.deleteProperty(listingReaders, NAME));

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describeOnEachDatabase("a made-up format of listings", (open) => {
  test("is imported", async () => {
    const world = await makeImportWorld(open, { source: { listingFormat } });
    opened.push(world);
    await world.publish("a.zip", { primaries: makeKeys(0, 3) });
    await world.publish("b.zip", { primaries: makeKeys(10, 2) });
    world.serve("index.txt", write("a.zip", "b.zip"));
    await world.run();
    expect((await world.status()).waiting).toEqual([]);
    expect((await world.importedKeys()).size).toBe(5);
  });

  test("is mirrored", async () => {
    const world = await makeMirrorWorld(open, { settings: { listingFormat } });
    opened.push(world);
    await world.publish("a.zip", { primaries: makeKeys(0, 3) });
    await world.publish("b.zip", { primaries: makeKeys(10, 2) });
    world.serve("index.txt", write("a.zip", "b.zip"));
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect((await primariesOf(world)).flat().toSorted()).toEqual(sortedNames(makeKeys(0, 3), makeKeys(10, 2)));
  });
});

test("a made-up format of listings is followed by the client in the order of its reader", async () => {
  const server = await startSourceServer();
  opened.push(server);
  const signer = makeSigner("310", "v1");
  for (const line of ["a.zip", "b.zip"]) server.put(`/${line}`, { body: await buildSample([signer]) });
  server.put("/index", write("a.zip", "b.zip"));
  const place = { indexUrl: `${server.url}/index`, baseUrl: `${server.url}/`, listingFormat };
  const publicKeys = [{ keyId: "310", keyVersion: "v1", publicKeyPem: signer.pem }];
  const followed: string[] = [];
  for await (const one of createFollower({ ...place, publicKeys }).follow({ lines: [] })) {
    followed.push(`${one.outcome} ${one.line}`);
  }
  expect(followed).toEqual(["archive a.zip", "archive b.zip"]);
});

test("no other file of the program names a format or reads one by itself", () => {
  const naming = globSync("src/**/*.ts")
    .filter((path) => !path.endsWith(".test.ts") && /"text-index"|read-text-index/.test(readFileSync(path, "utf8")))
    .map((path) => path.replaceAll("\\", "/"));
  expect(naming).toEqual(["src/archive/listing/listing-reader.ts"]);
});
