// What operators do in a world: set servers up, switch the content, and set things right after a disaster.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { WorldTrees } from "./observe-trees.ts";
import {
  addSource,
  createSecondLocation,
  createTree,
  exportInto,
  NATION_REGION,
  STATE_REGION,
  switchContent,
} from "./set-up-servers.ts";
import type { WorldPlan } from "./world-plan.ts";
import type { WorldServer } from "./world-servers.ts";

export interface OperatorsAct {
  readonly server: WorldServer;
  readonly name: string;
  readonly at: UnixSeconds;
  /** Safe to repeat. */
  carryOut(): Promise<unknown>;
}

export function operatorsActs(
  plan: WorldPlan,
  state: WorldServer,
  nation: WorldServer,
  trees: WorldTrees,
): OperatorsAct[] {
  const importAt = plan.startsAt + plan.importAfterSeconds;
  const switchAt = plan.startsAt + plan.switchAfterSeconds;
  const secondUrl = `${state.url}/state-second`;
  const nationalUrl = `${nation.url}/national`;
  const createSecond = () => state.site.operate((server) => createSecondLocation(server, plan, importAt));
  const add = async () => {
    const seal = await createSecond();
    await nation.site.operate((server) => addSource(server, secondUrl, seal, importAt));
  };
  const mirror = () =>
    state.site.operate((server) => switchContent(server, plan, nationalUrl, trees.nationalSeal, switchAt));
  return [
    { server: state, name: "create the second location", at: importAt, carryOut: createSecond },
    { server: nation, name: "begin the import", at: importAt, carryOut: add },
    { server: state, name: "switch the content", at: switchAt, carryOut: mirror },
  ];
}

/**
 * After a backup the operator repeats what was set up since; and says, where the backup knows no archive of a tree, that
 * what stands there is this server's own.
 */
export async function setRight(server: WorldServer, acts: readonly OperatorsAct[], now: UnixSeconds): Promise<void> {
  for (const act of acts) if (act.server === server && act.at <= now) await act.carryOut();
  await server.site.operate(async ({ locations, database }) => {
    for (const { name } of await locations.overviews(database)) {
      await locations.adopt(name, now).catch((error: unknown) => {
        // Nothing of it is unknown; what says something else is tried again.
        if (codeOf(error)?.startsWith("location_") !== true) throw error;
      });
    }
  });
}

/** Each server's own tree and the export that feeds it. */
export async function createTrees(plan: WorldPlan, state: WorldServer, nation: WorldServer): Promise<WorldTrees> {
  const { startsAt: from, periodsSeconds } = plan;
  const clientSeal = await createTree(state.site.server(), "state-client", plan, from);
  const nationalSeal = await createTree(nation.site.server(), "national", plan, from);
  const client = { name: "client", region: STATE_REGION, from, backfillSeconds: 0 };
  const national = { name: "national", region: "NA", from, backfillSeconds: 0, regions: [STATE_REGION, NATION_REGION] };
  await state.site.server().exports.create(exportInto("state-client", periodsSeconds.client, plan, client));
  await nation.site.server().exports.create(exportInto("national", periodsSeconds.national, plan, national));
  const importAt = from + plan.importAfterSeconds;
  const switchAt = from + plan.switchAfterSeconds;
  return {
    plan,
    clientSeal,
    nationalSeal,
    client: {
      baseUrl: `${state.url}/state-client`,
      carries: [
        { place: "state", from },
        { place: "nation", from: switchAt },
      ],
    },
    second: { baseUrl: `${state.url}/state-second`, carries: [{ place: "state", from: importAt }] },
    national: {
      baseUrl: `${nation.url}/national`,
      carries: [
        { place: "nation", from },
        { place: "state", from: importAt },
      ],
    },
  };
}
