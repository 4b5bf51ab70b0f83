// Whatever a source, its operator, time and our own processes do in any order: no archive is lost, and no key wrong.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeImportWorld } from "../support/import-world.ts";
import { makeSigner } from "../support/sample-archives.ts";
import { sized } from "../support/test-size.ts";
import {
  discoverNow,
  type ImportReal,
  importCommands,
  importNow,
  putIndex,
  readFiles,
  serve,
} from "./import-commands.ts";
import { ImportModel } from "./import-model.ts";
import { liveThrough } from "./live-through.ts";

describeOnEachDatabase("import: state machine", (open) => {
  test("every archive that was listed is complete, or quarantined for what is wrong with it; the keys are theirs", async () => {
    await liveThrough({
      async begin() {
        const world = await makeImportWorld(open);
        const [trusted] = (await world.status()).trustedKeys;
        const real: ImportReal = {
          world,
          signers: { known: world.signer, unknown: makeSigner("310", "v2") },
          trustedIds: new Map([["known", trusted?.id ?? 0]]),
        };
        const close = async () => {
          await world.close();
          await world.database.close();
        };
        return { model: new ImportModel(), real, close };
      },
      commands: importCommands,
      end: comeToRest,
      runs: sized(5, 90),
      mostCommands: 40,
    });
  });
});

/** The index is read again, nothing is away any more, and some days pass. */
async function comeToRest(model: ImportModel, real: ImportReal): Promise<void> {
  model.index = "right";
  putIndex(model, real);
  for (const [line, served] of model.served) {
    if (served.spoiled === "away") serve(model, real, line, { ...served, spoiled: null });
  }
  for (let day = 0; day < 4; day++) {
    await discoverNow(model, real);
    for (let hour = 0; hour < 7; hour++) {
      await importNow(model, real);
      real.world.clock.advance(HOUR);
    }
    real.world.clock.advance(DAY);
  }
  for (const { line, state, reason, isListed, digest } of await readFiles(real.world)) {
    expect(["complete", "quarantined"]).toContain(state);
    if (!isListed) continue;
    const whyNot = model.reasonOf(line);
    const content = model.served.get(line)?.content.digest;
    if (whyNot === null) expect({ line, state, digest }).toEqual({ line, state: "complete", digest: content });
    // What cannot be looked at is no news; what is there and wrong is.
    else if (whyNot === "archive_html" || whyNot === "archive_zip_damaged")
      expect({ line, reason }).toEqual({ line, reason: whyNot });
  }
}
