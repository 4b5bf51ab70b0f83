// The trees of a world as its judges see them.

import type { TrustedKey } from "../../archive/archive-types.ts";
import type { Carried, ObservedTree } from "../observe/observed.ts";
import type { WorldPlan } from "./world-plan.ts";
import type { WorldServer } from "./world-servers.ts";

interface Tree {
  readonly baseUrl: string;
  readonly carries: readonly Carried[];
}

export interface WorldTrees {
  readonly plan: WorldPlan;
  readonly client: Tree;
  readonly second: Tree;
  readonly national: Tree;
  readonly clientSeal: TrustedKey;
  readonly nationalSeal: TrustedKey;
}

export function observeTrees(trees: WorldTrees, state: WorldServer, nation: WorldServer): ObservedTree[] {
  const observe = (
    { recorder }: WorldServer,
    name: string,
    role: ObservedTree["role"],
    { baseUrl, carries }: Tree,
    mirrors: readonly string[],
  ) =>
    recorder.observeTree({
      name,
      role,
      baseUrl,
      carries,
      mirrors,
      indexUrl: `${baseUrl}/index.txt`,
      prefix: `${name}/`,
      indexName: `${name}/index.txt`,
      retentionSeconds: trees.plan.retentionSeconds,
      minRecords: trees.plan.minRecords,
    });
  return [
    observe(state, "state-client", "client", trees.client, ["national"]),
    observe(state, "state-second", "second", trees.second, []),
    observe(nation, "national", "national", trees.national, []),
  ];
}
