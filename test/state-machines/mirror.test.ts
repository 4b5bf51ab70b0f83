// Whatever a source, our own export and our processes do in any order: what the source kept stands at the location, once.

import { expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { IndexFollower } from "../support/index-follower.ts";
import { START } from "../support/location-world.ts";
import { type MirrorWorldOptions, makeMirrorWorld } from "../support/mirror-world.ts";
import { makeSigner } from "../support/sample-archives.ts";
import { sized } from "../support/test-size.ts";
import { liveThrough } from "./live-through.ts";
import {
  type MirrorReal,
  publishHistory,
  putIndex,
  RETENTION,
  resealCommands,
  runNow,
  serve,
  sourceCommands,
} from "./mirror-commands.ts";
import { MirrorModel } from "./mirror-model.ts";

describeOnEachDatabase("mirror: state machine", (open) => {
  const nation = makeSigner("310", "v1");
  const begin = async (options: MirrorWorldOptions) => {
    const world = await makeMirrorWorld(open, { nation, ...options });
    const follower = new IndexFollower(world.blobs, "client", [world.trustedKey, nation.trustedKey]);
    const close = async () => {
      await world.close();
      await world.database.close();
    };
    const [model, real] = [new MirrorModel(START), { world, follower }];
    await publishHistory(model, real);
    return { model, real, close };
  };

  test("resealing: the location has its own keys and all of the source's, each once, and its lines never move", async () => {
    await liveThrough({
      begin: () => begin({ location: { retentionSeconds: RETENTION, graceSeconds: DAY }, settings: { maxRecords: 5 } }),
      commands: resealCommands,
      end: comeToRest,
      runs: sized(3, 60),
      mostCommands: 40,
    });
  });

  test("copying: the location has the source's archives as they are, each once, and its lines never move", async () => {
    const { keyId, keyVersion } = nation.trustedKey;
    const seal = { signingKey: null, keyId, keyVersion, publicKeyPem: nation.pem, from: 0 };
    await liveThrough({
      begin: () => begin({ location: { seal, retentionSeconds: RETENTION }, settings: { method: "copy" } }),
      commands: sourceCommands,
      async end(model, real) {
        await comeToRest(model, real);
        const contents = new Set(model.taken.map((line) => model.archives.get(line)?.bytes));
        expect(real.follower.archives).toHaveLength(contents.size);
      },
      runs: sized(3, 48),
      mostCommands: 40,
    });
  });
});

/** Index and archives are right again. */
async function comeToRest(model: MirrorModel, real: MirrorReal): Promise<void> {
  model.index = "right";
  putIndex(model, real);
  for (const line of model.listed) {
    const archive = model.archives.get(line);
    if (archive !== undefined) serve(model, real, { ...archive, spoiled: null });
  }
  await runNow(model, real);
  expect(model.listed.filter((line) => !model.taken.includes(line))).toEqual([]);
}
