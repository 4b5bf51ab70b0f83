// Archives as other servers wrote them, through a source, mirrors of both methods, and the adoption of a tree.

import { afterEach, expect, test } from "vitest";
import { readIndexText } from "../../src/archive/index-text.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { HOUR } from "../../src/core/clock.ts";
import { changeSource } from "../../src/features/import/sources/change-source.ts";
import { changeMirror } from "../../src/features/mirror/manage-mirrors.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { FIELD_ARCHIVES, type FieldArchive } from "../support/field-archives.ts";
import { makeImportWorld, quarantineReasons } from "../support/import-world.ts";
import { makeKeys, makeLocationWorld, putForeign } from "../support/location-world.ts";
import { makeMirrorWorld, trustIn } from "../support/mirror-world.ts";
import { makeSigner, SAMPLE_WINDOW } from "../support/sample-archives.ts";

const NOW = SAMPLE_WINDOW.end + HOUR;
const lineOf = (at: number) => `${String(at).padStart(2, "0")}.zip`;

/** Names that the archives' signers have, whatever they leave out. */
const NAMES = [
  ["310", "v1"],
  ["310", ""],
  ["", "v1"],
  ["", ""],
] as const;

/** All that any of the archives needs. */
const SETTINGS = { otherEntries: ["content.sig"], batchParts: true, onsetCodes: true };

const isTaken = ({ outcome }: FieldArchive) => outcome.kind !== "refused";
const isTakenAsItIs = ({ outcome }: FieldArchive) => outcome.kind === "read" || outcome.kind === "key-refused";
const TAKEN = FIELD_ARCHIVES.filter(isTaken);

function keysIn(archives: readonly FieldArchive[]): string[] {
  return archives.flatMap(({ keys }) => keys).sort();
}

describeOnEachDatabase("archives as other servers write them", (open) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const world of opened.splice(0)) await world.close();
  });

  test("a source takes what is right as it is, quarantines the rest by its reason, and takes more once it is told to", async () => {
    const world = await makeImportWorld(open, { trust: false, settings: { maxUnfinished: 100 } });
    opened.push(world);
    const { pem } = world.signer;
    await world.feature.addTrustedKey("state", { keyId: "310", keyVersion: "v1", publicKeyPem: pem });
    const named = { ...world.signer, trustedKey: { ...world.signer.trustedKey, keyId: "310", keyVersion: "v1" } };
    for (const [at, archive] of FIELD_ARCHIVES.entries()) world.serve(lineOf(at), await archive.make(named));
    world.list(...FIELD_ARCHIVES.keys().map(lineOf));
    await world.run();
    await world.runHours(24);
    expect([...(await world.importedKeys()).keys()].sort()).toEqual(keysIn(FIELD_ARCHIVES.filter(isTakenAsItIs)));
    // An archive whose keys alone were refused is complete.
    const codes = FIELD_ARCHIVES.flatMap(({ outcome }, at) =>
      outcome.kind === "refused" || (outcome.kind === "setting" && outcome.code !== "onset_range")
        ? [[lineOf(at), outcome.code]]
        : [],
    );
    expect(quarantineReasons(await world.status())).toEqual(Object.fromEntries(codes));

    await changeSource({ ...world, report: reportNothing }, "state", { ...SETTINGS, headerRegions: ["XX", "222", ""] });
    for (const [keyId, keyVersion] of NAMES.slice(1)) {
      await world.feature.addTrustedKey("state", { keyId, keyVersion, publicKeyPem: pem });
    }
    // What was complete stays so; under another name it is a new archive with other bytes.
    for (const [at, archive] of FIELD_ARCHIVES.entries()) {
      if (archive.outcome.kind !== "setting" || archive.outcome.code !== "onset_range") continue;
      world.serve(`again-${lineOf(at)}`, await archive.make(named));
    }
    world.list(...FIELD_ARCHIVES.keys().map(lineOf), `again-${lineOf(FIELD_ARCHIVES.length - 1)}`);
    // The jobs read the source as it is now.
    for (let hour = 0; hour < 3; hour++) {
      for (const job of world.feature.jobs) await job.run(world.clock.now());
      world.clock.advance(HOUR);
    }
    expect([...(await world.importedKeys()).keys()].sort()).toEqual(keysIn(TAKEN));
    const refused = codes.filter(([line]) => FIELD_ARCHIVES.some((one, at) => lineOf(at) === line && !isTaken(one)));
    expect(quarantineReasons(await world.status())).toEqual(Object.fromEntries(refused));
  });

  test("a mirror reseals them, once it is told to", async () => {
    const world = await makeMirrorWorld(open, { nation: makeSigner("310", "v1"), settings: { maxRecords: 10 } });
    opened.push(world);
    for (const [at, archive] of TAKEN.entries()) world.serve(lineOf(at), { body: await archive.make(world.nation) });
    world.list(...TAKEN.keys().map(lineOf));
    await world.run(NOW);
    expect(await world.lastError()).toBe("archive_entry_unexpected");
    await changeMirror(world, "national", SETTINGS);
    for (const [keyId, keyVersion] of NAMES.slice(1)) {
      await world.mirrors.addTrustedKey("national", { ...trustIn(world.nation), keyId, keyVersion });
    }
    await world.run(NOW + 1);
    expect(await world.lastError()).toBeNull();
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect([...world.follower.keys.keys()].sort()).toEqual(keysIn(TAKEN));
  });

  test("a mirror copies them byte by byte, once it is told to", async () => {
    const nation = makeSigner("310", "v1");
    const world = await makeMirrorWorld(open, {
      nation,
      location: { seal: { signingKey: null, keyId: "310", keyVersion: "v1", publicKeyPem: nation.pem, from: 0 } },
      settings: { method: "copy" },
    });
    opened.push(world);
    // One index carries one seal, so that only archives under its name are copied.
    const taken = TAKEN.filter((archive) => namesPart(archive) === null);
    const bytes = await Promise.all(taken.map((archive) => archive.make(nation)));
    for (const [at, body] of bytes.entries()) world.serve(lineOf(at), { body });
    world.list(...taken.keys().map(lineOf));
    await world.run(NOW);
    expect(await world.lastError()).toBe("archive_entry_unexpected");
    await changeMirror(world, "national", SETTINGS);
    await world.run(NOW + 1);
    expect(await world.lastError()).toBeNull();
    expect(await bytesAt(world.blobs)).toEqual(bytes.map((body) => Buffer.from(body)));
  });

  test("a tree of them is adopted, and what comes behind names its signer in the same way", async () => {
    const world = await makeLocationWorld(open, {
      location: { seal: { signingKey: "seal", keyId: "", keyVersion: "v1", from: 0 } },
    });
    const sign = (bytes: Uint8Array) => world.signingKeys.sign("seal", bytes);
    const trustedKey = { ...world.trustedKey, keyId: "" };
    const signer = { signer: { keyId: "", keyVersion: "v1", sign }, trustedKey, pem: "" };
    const archives = TAKEN.filter((archive) => [null, "id"].includes(namesPart(archive)));
    for (const [at, archive] of archives.entries()) {
      await putForeign(world.blobs, `client/${lineOf(at)}`, await archive.make(signer));
    }
    await putForeign(world.blobs, "client/index.txt", Buffer.from(archives.keys().map(lineOf).toArray().join("\n")));
    expect(await world.feature.adopt("client", NOW)).toBe(archives.length);
    const { archive } = await world.append({ primaries: makeKeys(0, 2) }, NOW);
    const blob = await world.blobs.get(`client/${archive?.line}`);
    const { header } = await openArchive(
      blob?.bytes ?? new Uint8Array(0),
      { trustedKeys: [trustedKey], now: 0 },
      nodeArchiveTools,
    );
    expect(header.signatureInfos).toMatchObject([{ keyId: null, keyVersion: "v1" }]);
  });
});

/** Which part of its name the signer of the archive lacks. */
function namesPart({ outcome }: FieldArchive): string | null {
  const { keyId, keyVersion } = outcome.kind === "setting" ? outcome.settings : {};
  if (keyId === undefined) return keyVersion === undefined ? null : "version";
  return keyVersion === undefined ? "id" : "both";
}

async function bytesAt(blobs: BlobStore): Promise<Buffer[]> {
  const index = await blobs.get("client/index.txt");
  const lines = readIndexText(new TextDecoder().decode(index?.bytes));
  const found = await Promise.all(lines.map((line) => blobs.get(`client/${line}`)));
  return found.map((blob) => Buffer.from(blob?.bytes ?? []));
}
