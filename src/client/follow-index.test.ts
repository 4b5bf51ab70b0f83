// Following an index over real HTTP: each archive once, verified, whatever its neighbours do.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PATIENCE } from "../../test/support/patience.ts";
import { buildSample, makeSigner, sampleKeys } from "../../test/support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../../test/support/source-server.ts";
import { createFollower, verifyArchive } from "./client.ts";
import type { Followed, FollowerOptions, FollowMemory } from "./follower-types.ts";

const signer = makeSigner("310", "v1");
const publicKeys = [{ keyId: "310", keyVersion: "v1", publicKeyPem: signer.pem }];
const stranger = makeSigner("310", "v1");

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

function optionsOf(more: Partial<FollowerOptions> = {}): FollowerOptions {
  return { indexUrl: `${server.url}/xx/index.txt`, baseUrl: `${server.url}/`, publicKeys, ...more };
}

async function publish(name: string, by = signer): Promise<void> {
  server.put(`/xx/${name}`, { body: await buildSample([by]), contentType: "application/zip" });
}

function list(...names: string[]): void {
  server.put("/xx/index.txt", { body: names.map((name) => `xx/${name}`).join("\n") });
}

/** As a program that saves its memory after each archive, and starts anew. */
async function followAll(memory: FollowMemory, options = optionsOf()) {
  const followed: Followed[] = [];
  let saved = JSON.stringify(memory);
  let failure: unknown = null;
  try {
    for await (const one of createFollower(options).follow(JSON.parse(saved) as FollowMemory)) {
      followed.push(one);
      if (one.outcome === "archive") saved = JSON.stringify(one.memory);
    }
  } catch (error) {
    failure = error;
  }
  const names = followed.map((one) => (one.outcome === "archive" ? one.line : `${one.line}: ${one.code}`));
  return { followed, names, memory: JSON.parse(saved) as FollowMemory, failure };
}

const NOTHING = { lines: [] };
const hexes = (keys: Iterable<{ keyData: Uint8Array }>) => [...keys].map(({ keyData }) => keyData.toHex()).toSorted();
const downloadsOf = (name: string) => server.requests.filter((path) => path === `/xx/${name}`).length;

describe("a follower", () => {
  test("gets the keys of every archive, in the order of the index", async () => {
    await publish("1.zip");
    await publish("2.zip");
    list("1.zip", "2.zip");
    const { followed, names, memory } = await followAll(NOTHING);
    expect(names).toEqual(["xx/1.zip", "xx/2.zip"]);
    const [first] = followed;
    if (first?.outcome !== "archive") throw new Error("no archive");
    expect(hexes(first.archive.primaries)).toEqual(hexes(sampleKeys(4)));
    expect(hexes(first.archive.revised)).toEqual(hexes(sampleKeys(2)));
    expect(memory.lines).toEqual(["xx/1.zip", "xx/2.zip"]);
  });

  test("downloads each archive once, though the head of the index goes and late ones come into its middle", async () => {
    for (const name of ["1.zip", "2.zip", "3.zip", "late.zip"]) await publish(name);
    list("1.zip", "2.zip");
    const first = await followAll(NOTHING);
    list("2.zip", "late.zip", "3.zip");
    const second = await followAll(first.memory);
    expect(second.names).toEqual(["xx/late.zip", "xx/3.zip"]);
    const third = await followAll(second.memory);
    expect(third.names).toEqual([]);
    for (const name of ["1.zip", "2.zip", "3.zip", "late.zip"]) expect(downloadsOf(name)).toBe(1);
  });

  test("does not remember for ever what is listed no more", async () => {
    await publish("1.zip");
    list("1.zip");
    const { memory } = await followAll({ lines: Array.from({ length: 5_000 }, (_, index) => `xx/old-${index}.zip`) });
    expect(memory.lines).toHaveLength(1_001);
  });

  test("that stops in the middle goes on there", async () => {
    for (const name of ["1.zip", "2.zip"]) await publish(name);
    list("1.zip", "2.zip");
    let memory: FollowMemory = NOTHING;
    for await (const one of createFollower(optionsOf()).follow()) {
      if (one.outcome === "archive") ({ memory } = one);
      break;
    }
    expect((await followAll(memory)).names).toEqual(["xx/2.zip"]);
    expect(downloadsOf("1.zip")).toBe(1);
  });

  test("believes no archive that is damaged, missing, too large or of somebody else, and takes those behind it", async () => {
    server.put("/xx/damaged.zip", { body: "no zip" });
    await publish("stranger.zip", stranger);
    server.put("/xx/large.zip", { body: new Uint8Array(100_000) });
    await publish("good.zip");
    list("damaged.zip", "missing.zip", "stranger.zip", "large.zip", "good.zip");
    const archiveLimits = { maxBytes: 50_000, maxExportBytes: 50_000, maxSignatureBytes: 5_000, maxSignatures: 5 };
    const { names, memory } = await followAll(NOTHING, optionsOf({ archiveLimits }));
    expect(names).toEqual([
      "xx/damaged.zip: archive_not_zip",
      "xx/missing.zip: archive_missing",
      "xx/stranger.zip: archive_signature_invalid",
      "xx/large.zip: fetch_too_large",
      "xx/good.zip",
    ]);
    await publish("damaged.zip");
    expect((await followAll(memory)).names[0]).toBe("xx/damaged.zip");
  });

  test("takes no line that leads elsewhere", async () => {
    await publish("1.zip");
    server.put("/xx/index.txt", { body: "https://example.org/x.zip\n../secret\nxx/1.zip\n" });
    expect((await followAll(NOTHING)).names).toEqual([
      "https://example.org/x.zip: line_absolute_url",
      "../secret: line_leaves_base",
      "xx/1.zip",
    ]);
  });

  test.each([
    [503, "archive_unavailable"],
    [429, "archive_unavailable"],
  ])("ends for now where an archive comes with %i, and goes on there later", async (status, code) => {
    for (const name of ["1.zip", "3.zip"]) await publish(name);
    server.put("/xx/2.zip", { status });
    list("1.zip", "2.zip", "3.zip");
    const first = await followAll(NOTHING);
    expect(first).toMatchObject({ names: ["xx/1.zip"], failure: { code } });
    await publish("2.zip");
    expect((await followAll(first.memory)).names).toEqual(["xx/2.zip", "xx/3.zip"]);
  });

  test.each([
    [{ status: 404 }, "index_missing"],
    [{ status: 500 }, "index_unavailable"],
    [{ body: "<html>", contentType: "text/html" }, "index_html"],
    [{ body: "x".repeat(1024 * 1024 + 1) }, "fetch_too_large"],
    [{ body: "xx/1.zip", cutAfter: 3 }, "fetch_failed"],
    [{ after: new Promise<void>(() => undefined) }, "fetch_timeout"],
  ])("is told of a bad index: %j is %s", async (object, code) => {
    server.put("/xx/index.txt", object);
    const timeoutMilliseconds = code === "fetch_timeout" ? 100 : PATIENCE.timeout;
    expect(await followAll(NOTHING, optionsOf({ timeoutMilliseconds }))).toMatchObject({
      names: [],
      failure: { code },
    });
  });

  test("cannot be made of a public key that is none", () => {
    const bad = [{ keyId: "310", keyVersion: "v1", publicKeyPem: "-----BEGIN PUBLIC KEY-----" }];
    expect(() => createFollower(optionsOf({ publicKeys: bad }))).toThrow(
      expect.objectContaining({ code: "public_key_invalid" }),
    );
  });
});

describe("an archive from elsewhere", () => {
  test("is opened where the signature fits, and only there", async () => {
    expect(await verifyArchive(await buildSample([signer]), { publicKeys })).toMatchObject({
      signedBy: { keyId: "310", keyVersion: "v1" },
    });
    await expect(verifyArchive(await buildSample([stranger]), { publicKeys })).rejects.toMatchObject({
      code: "archive_signature_invalid",
    });
    await expect(verifyArchive(await buildSample([signer]), { publicKeys: [] })).rejects.toMatchObject({
      code: "archive_untrusted",
    });
  });
});
