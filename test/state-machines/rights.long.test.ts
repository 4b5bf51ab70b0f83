// Whatever a person, two suppliers, exports and a stranger do in any order: nobody changes a key by knowing it.

import { test } from "vitest";
import { describeOnEachDatabase } from "../support/databases.ts";
import { handOverTokenKeys } from "../support/hand-over-token-keys.ts";
import { makePublishWorld } from "../support/publish-world.ts";
import { sized } from "../support/test-size.ts";
import { liveThrough } from "./live-through.ts";
import { makeRequests, type RightsReal, rightsCommands } from "./rights-commands.ts";
import { RightsModel } from "./rights-model.ts";

describeOnEachDatabase("rights to keys: state machine", (open) => {
  test("each key is what its owners say, and claimants only strengthen it", async () => {
    await liveThrough({
      async begin() {
        const [nation, state] = [await makePublishWorld(open), await makePublishWorld(open)];
        await handOverTokenKeys(state, nation);
        const real: RightsReal = { nation, state, requests: makeRequests(), tokens: new Map() };
        const close = async () => {
          await nation.database.close();
          await state.database.close();
        };
        return { model: new RightsModel(), real, close };
      },
      commands: rightsCommands,
      end: async () => undefined,
      runs: sized(6, 100),
      mostCommands: 150,
    });
  });
});
