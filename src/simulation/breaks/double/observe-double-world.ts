// What was observed of a double world, in the form that the invariants judge.

import type { Observed, ObservedTree } from "../../observe/observed.ts";
import type { FleetPhone } from "./double-fleet.ts";
import type { DoubleWorld, TreeName } from "./double-world.ts";
import { INDEX_CACHE_SECONDS, ORIGIN } from "./network.ts";
import {
  HELD_WITHIN_SECONDS,
  LISTED_WITHIN_SECONDS,
  MIN_RECORDS,
  RETENTION_SECONDS,
  STARTS_AT,
  T,
} from "./timeline.ts";

type TreePromise = Pick<ObservedTree, "role" | "carries" | "mirrors">;

const PROMISES: Readonly<Record<TreeName, TreePromise>> = {
  client: {
    role: "client",
    carries: [
      { place: "state", from: STARTS_AT },
      { place: "nation", from: T.contentSwitch },
    ],
    mirrors: ["national"],
  },
  legacy: { role: "client", carries: [{ place: "state", from: STARTS_AT }], mirrors: [] },
  second: { role: "second", carries: [{ place: "state", from: T.secondLocation }], mirrors: [] },
  national: {
    role: "national",
    carries: [
      { place: "nation", from: STARTS_AT },
      { place: "state", from: T.importFrom },
    ],
    mirrors: [],
  },
  abroad: { role: "national", carries: [{ place: "abroad", from: STARTS_AT }], mirrors: [] },
};

export function observeDoubleWorld(world: DoubleWorld, phones: readonly FleetPhone[]): Observed {
  return {
    startsAt: STARTS_AT,
    endsAt: T.endsAt,
    trees: Object.entries(PROMISES).map(([name, promise]) =>
      world.recorder.observeTree({
        ...promise,
        name,
        indexUrl: `${ORIGIN}${name}/index.txt`,
        baseUrl: `${ORIGIN}${name}`,
        prefix: `${name}/`,
        indexName: `${name}/index.txt`,
        retentionSeconds: RETENTION_SECONDS,
        minRecords: MIN_RECORDS,
      }),
    ),
    phones: phones.map(({ recorder }) => recorder.observe()),
    keys: world.ledger.list(),
    generated: world.generated,
    events: world.events,
    limits: {
      indexCacheSeconds: INDEX_CACHE_SECONDS,
      listedWithinSeconds: LISTED_WITHIN_SECONDS,
      heldWithinSeconds: HELD_WITHIN_SECONDS,
    },
  };
}
