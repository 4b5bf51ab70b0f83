// A double world put together: three servers, their trees, and what runs between them.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";
import type { PhoneTools } from "../../../device/phone-tools.ts";
import { createMemoryBlobs } from "../../../platform/blobs/memory-blobs.ts";
import { createVirtualRunner, type VirtualRunner } from "../../../platform/jobs/virtual-runner.ts";
import { reportNothing } from "../../../platform/observe/report.ts";
import { type SeededRandom, seededRandom } from "../../../platform/random/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../../platform/time/virtual-clock.ts";
import { type BlobRecorder, recordBlobs } from "../../observe/record-blobs.ts";
import type { WorldEvent } from "../../observe/world-event.ts";
import type { Has } from "./defect.ts";
import { createDoubleServer, type DoubleServer } from "./double-server.ts";
import { createPhoneTools } from "./double-tools.ts";
import { createExporter, type Exporter } from "./exporter.ts";
import { createImporter, type Importer } from "./importer.ts";
import { createDoubleLedger, type DoubleLedger } from "./ledger.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { createDoubleNetwork, type DoubleNetwork, ORIGIN } from "./network.ts";
import { type DoubleSeal, makeSeal } from "./seal-archive.ts";
import { GRACE_SECONDS, MIN_RECORDS, PERIOD_SECONDS, RETENTION_SECONDS, STARTS_AT, T } from "./timeline.ts";
import { createTree, type DoubleTree } from "./tree.ts";
import { createTroubledFetch } from "./troubled-fetch.ts";
import { importTroubles, MIRROR_TROUBLES } from "./troubles.ts";

export const TREE_NAMES = ["client", "legacy", "second", "national", "abroad"] as const;
export type TreeName = (typeof TREE_NAMES)[number];

export interface DoubleWorld {
  readonly clock: VirtualClock;
  readonly runner: VirtualRunner;
  readonly random: SeededRandom;
  readonly has: Has;
  readonly recorder: BlobRecorder;
  readonly network: DoubleNetwork;
  readonly phoneTools: PhoneTools;
  readonly servers: Readonly<Record<"state" | "nation" | "abroad", DoubleServer>>;
  readonly trees: Readonly<Record<TreeName, DoubleTree>>;
  readonly seals: Readonly<Record<"state" | "second" | "nationOld" | "nationNew" | "abroad", DoubleSeal>>;
  readonly exporters: Readonly<Record<TreeName, Exporter>>;
  readonly importer: Importer;
  readonly mirror: Mirror;
  readonly ledger: DoubleLedger;
  readonly generated: Set<string>;
  readonly events: WorldEvent[];
  /** The storage refuses the next deletion. */
  failDeletion(): void;
}

export async function openDoubleWorld(seed: number, has: Has): Promise<DoubleWorld> {
  const clock = createVirtualClock(STARTS_AT);
  const runner = createVirtualRunner({ clock, report: reportNothing });
  const random = seededRandom(seed);
  const recorder = recordBlobs(createMemoryBlobs(), clock);
  const network = createDoubleNetwork(recorder.blobs, clock, has);
  let deletionsToFail = 0;
  const blobs = {
    ...network.blobs,
    delete: async (name: string) => {
      if (deletionsToFail > 0) {
        deletionsToFail--;
        throw new Error(`the storage does not delete ${name}`);
      }
      await network.blobs.delete(name);
    },
  };
  const generated = new Set<string>();
  const onGenerated = (key: { readonly keyData: Uint8Array }) => generated.add(key.keyData.toHex());
  const server = () => createDoubleServer(clock, has);
  const servers = { state: server(), nation: server(), abroad: server() };
  const tree = (name: TreeName, region: string, isSecondOfNames = false) =>
    createTree({
      name,
      region,
      minRecords: MIN_RECORDS,
      retentionSeconds: RETENTION_SECONDS,
      graceSeconds: GRACE_SECONDS,
      isSecondOfNames,
      onGenerated,
      blobs,
      random: random.fork(`padding of ${name}`),
      has,
    });
  const trees = {
    client: tree("client", "XX"),
    legacy: tree("legacy", "XX", true),
    second: tree("second", "XX"),
    national: tree("national", "NA"),
    abroad: tree("abroad", "AB"),
  };
  const seals = {
    state: makeSeal("999", "v1"),
    second: makeSeal("997", "v1"),
    nationOld: makeSeal("998", "v1"),
    nationNew: makeSeal("998", "v2"),
    abroad: makeSeal("996", "v1"),
  };
  trees.client.setSeal(seals.state);
  trees.legacy.setSeal(seals.state);
  trees.second.setSeal(seals.second);
  trees.national.setSeal(seals.nationOld);
  trees.abroad.setSeal(seals.abroad);
  const common = { periodSeconds: PERIOD_SECONDS, has };
  const exporter = (name: TreeName, { shelf }: DoubleServer, regions: string[], from: UnixSeconds = STARTS_AT) =>
    createExporter({
      ...common,
      shelf,
      tree: trees[name],
      regions,
      from,
      backfillSeconds: name === "second" ? 14 * DAY : 0,
    });
  const exporters = {
    client: exporter("client", servers.state, ["XX", "XX", "XY"]),
    legacy: exporter("legacy", servers.state, ["XX", "XY"]),
    second: exporter("second", servers.state, ["XX", "XY"], T.secondLocation),
    national: exporter("national", servers.nation, ["XX", "YY"]),
    abroad: exporter("abroad", servers.abroad, ["AB"]),
  };
  const importer = createImporter({
    source: {
      baseUrl: `${ORIGIN}second/`,
      fetch: createTroubledFetch(network.fetchFromOrigin, clock, await importTroubles()),
      trustedKeys: [seals.second.trusted],
    },
    shelf: servers.nation.shelf,
    region: "XX",
    has,
  });
  const mirror = createMirror({
    source: {
      baseUrl: `${ORIGIN}national/`,
      fetch: createTroubledFetch(network.fetchFromOrigin, clock, MIRROR_TROUBLES),
      trustedKeys: [seals.nationOld.trusted, seals.nationNew.trusted],
    },
    tree: trees.client,
    sourceSeal: seals.nationOld,
    has,
  });
  return {
    clock,
    runner,
    random,
    has,
    recorder,
    network,
    phoneTools: createPhoneTools(),
    servers,
    trees,
    seals,
    exporters,
    importer,
    mirror,
    ledger: createDoubleLedger(),
    generated,
    events: [],
    failDeletion: () => {
      deletionsToFail++;
    },
  };
}

/** The jobs of all servers, hourly, each at its minute, so that those which feed others come first. */
export function startJobs({ runner, exporters, trees, has }: DoubleWorld): void {
  const hourly = (owner: string, name: string, minute: number, run: (now: UnixSeconds) => Promise<void>) =>
    runner.add(owner, { name, everySeconds: HOUR, run }, STARTS_AT + minute * MINUTE);
  for (const name of TREE_NAMES) {
    const owner = name === "national" ? "nation" : name === "abroad" ? "abroad" : "state";
    hourly(owner, `export ${name}`, owner === "state" ? 10 : 30, exporters[name].run);
    hourly(`${owner} removal`, name, 50, async (now) => {
      const hasEnded = name === "second" && now > T.stateExportsEnd;
      if (!hasEnded || !has("ended-export-never-expires")) await trees[name].expire(now);
    });
  }
}
