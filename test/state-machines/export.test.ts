// Whatever comes, fails and changes in any order: the index only grows at its end, and holds each key once, in its time.

import { expect, test } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { DAY } from "../../src/core/clock.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { describeOnEachDatabase, type OpenDatabase } from "../support/databases.ts";
import { makeExportWorld } from "../support/export-world.ts";
import { IndexFollower } from "../support/index-follower.ts";
import { START } from "../support/location-world.ts";
import { sized } from "../support/test-size.ts";
import { type ExportReal, exportCommands, runNow, SIZES, VERSIONS } from "./export-commands.ts";
import { ExportModel, GRACE, RETENTION } from "./export-model.ts";
import { liveThrough } from "./live-through.ts";

describeOnEachDatabase("export and location: state machine", (open) => {
  test("the index only grows at its end, and each key is in it once, no sooner and no later than its time", async () => {
    await liveThrough({
      begin: () => begin(open),
      commands: exportCommands,
      end: comeToRest,
      runs: sized(3, 48),
      mostCommands: 50,
    });
  });
});

async function begin(open: OpenDatabase) {
  const signingKeys = createMemorySigningKeys();
  await signingKeys.create("seal");
  for (const version of VERSIONS) await signingKeys.create(`seal-${version}`);
  const world = await makeExportWorld(open, {
    signingKeys,
    location: { retentionSeconds: RETENTION, graceSeconds: GRACE },
  });
  await world.createExport(SIZES);
  const later = await Promise.all(
    VERSIONS.slice(1).map(async (keyVersion) => {
      const publicKey = parsePublicKey(await signingKeys.publicKeyPem(`seal-${keyVersion}`), nodeArchiveTools);
      return { ...world.trustedKey, keyVersion, publicKey };
    }),
  );
  const follower = new IndexFollower(world.blobs, "client", [world.trustedKey, ...later]);
  return { model: new ExportModel(START), real: { world, follower }, close: () => world.database.close() };
}

/** Everything has been released and exported; then all but the last archive has gone. */
async function comeToRest(model: ExportModel, real: ExportReal): Promise<void> {
  await runNow(model, real);
  model.now += 2 * DAY;
  await runNow(model, real);
  for (const key of model.keys) {
    expect({ key, isPublished: key.isPublished }).toMatchObject({ isPublished: model.isExported(key) });
  }
  model.now += RETENTION;
  await runNow(model, real);
  model.now += GRACE;
  await runNow(model, real);
  // A process that dies before it commits leaves an object behind that nobody ever lists.
  const objects = new Set(await real.world.blobs.list("client/"));
  expect(model.lines.filter((line) => objects.has(`client/${line}`))).toEqual(model.lines.slice(-1));
}
