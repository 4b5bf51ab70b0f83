// The two servers of a world behind their CDNs, on one network.

import type { Clock } from "../../core/clock.ts";
import { createMemoryBlobs } from "../../platform/blobs/memory-blobs.ts";
import type { ReportedEvent } from "../../platform/observe/report.ts";
import type { SeededRandom } from "../../platform/random/seeded-random.ts";
import type { VirtualClock } from "../../platform/time/virtual-clock.ts";
import type { Injector } from "../faults/injector.ts";
import { createCdn } from "../network/cdn.ts";
import type { Network } from "../network/network.ts";
import { fetcherOver } from "../network/network-clients.ts";
import { createOrigin } from "../network/origin.ts";
import { type BlobRecorder, recordBlobs } from "../observe/record-blobs.ts";
import { createServerTroubles, type ServerTroubles } from "./server-troubles.ts";
import { openSite, type Site } from "./site.ts";
import type { WorldHome } from "./world-home.ts";
import type { ServerName, WorldPlan } from "./world-plan.ts";

export interface WorldServer {
  readonly name: ServerName;
  readonly site: Site;
  readonly troubles: ServerTroubles;
  readonly recorder: BlobRecorder;
  /** Of its CDN, which hands uploads on. */
  readonly url: string;
}

export interface ServerSurroundings {
  readonly home: WorldHome;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly injector: Injector;
  readonly network: Network;
  readonly onEvent: (server: string, event: ReportedEvent) => void;
}

/** On databases that hold nothing. */
export async function openServer(name: ServerName, plan: WorldPlan, around: ServerSurroundings): Promise<WorldServer> {
  const { home, clock, random, injector, network, onEvent } = around;
  const sessions = home.sessions[name];
  await home.reset[name]();
  const troubles = createServerTroubles(name, plan.faults, injector);
  const machineClock: Clock = { now: () => clock.now() + troubles.clockOffset(clock.now()) };
  const recorder = recordBlobs(createMemoryBlobs(), clock);
  const { blobs } = recorder;
  const url = `https://keys.${name}.example`;
  const site = await openSite({
    name,
    machineClock,
    uptimeSeconds: () => clock.now(),
    databaseKind: home.databaseKind,
    sessions,
    blobs,
    fetcher: fetcherOver(network.send),
    random: random.fork(name),
    injector,
    report: (event) => onEvent(name, event),
    // All phones have one address here.
    settings: { name, uploadsPerMinute: 0 },
    publicUrl: url,
  });
  const origin = createOrigin({ blobs, clock: site.clock, routes: () => site.server().publicRoutes });
  const { cdnNodes: nodes, indexTtlSeconds: minTtlSeconds } = plan;
  const cdn = createCdn({ origin, clock, random: random.fork(`nodes of ${name}`), nodes, minTtlSeconds });
  network.place(url, cdn.host);
  return { name, site, troubles, recorder, url };
}
