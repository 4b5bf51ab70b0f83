// Two servers, the CDN before them, their networks and their clock: a world in one process, in which weeks pass in seconds.

import { type OpenServer, openMemoryServer } from "../../app/open-memory-server.ts";
import type { TrustedKey } from "../../archive/archive-types.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { DAY, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { ContentFilter } from "../../features/locations/filter-content.ts";
import { parseConfig } from "../../platform/config/config.ts";
import { createVirtualRunner, type VirtualRunner } from "../../platform/jobs/virtual-runner.ts";
import type { Report, ReportedEvent } from "../../platform/observe/report.ts";
import { type SeededRandom, seededRandom } from "../../platform/random/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../platform/time/virtual-clock.ts";
import { type Cdn, createCdn } from "../network/cdn.ts";
import { noteGeneratedKeys } from "../observe/note-generated-keys.ts";
import { createKeyLedger, type KeyLedger } from "../people/key-ledger.ts";
import { noUploads, type UploadTotals } from "../people/uploading-phone.ts";
import { JOB_RHYTHM_SECONDS } from "./longest-way.ts";
import { reachServers } from "./reach-servers.ts";

/** Parts of a world that can be taken out, to see that the verdicts notice. */
export const SWITCHES = ["import", "export", "filter", "mirror", "seal"] as const;
export type Switch = (typeof SWITCHES)[number];

export interface WorldOptions {
  readonly seed: number;
  readonly startsAt: UnixSeconds;
  readonly switchedOff: Switch | null;
  readonly onEvent: (server: string, event: ReportedEvent, now: UnixSeconds) => void;
  /** How the phone of that name reaches servers when it uploads; a good network unless given. */
  readonly network?: (phone: string) => typeof fetch;
}

export interface World extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly runner: VirtualRunner;
  readonly random: SeededRandom;
  readonly state: OpenServer;
  readonly nation: OpenServer;
  /** Through it phones reach the published trees of both servers. */
  readonly cdn: Cdn;
  readonly ledger: KeyLedger;
  readonly network: (phone: string) => typeof fetch;
  readonly uploads: UploadTotals;
  /** By phones, so far. */
  readonly checks: { count: number };
  /** Keys that the servers made up as padding, in hex; the servers forget them in time. */
  readonly generated: Readonly<Record<"state" | "nation", Set<string>>>;
  readonly switchedOff: Switch | null;
}

export const CDN_NODES = 3;
/** An index may be that much older than the origin's. */
const CDN_INDEX_SECONDS = MINUTE;

export async function openWorld(options: WorldOptions): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const clock = createVirtualClock(options.startsAt);
  const random = seededRandom(options.seed);
  const reportFrom =
    (server: string): Report =>
    (event) =>
      options.onEvent(server, event, clock.now());
  const runner = createVirtualRunner({ clock, report: reportFrom("world") });
  const open = async (name: string) => {
    const config = parseConfig({
      name,
      publicListener: { port: 0 },
      // All phones have one address here.
      uploadsPerMinute: 0,
    });
    const server = await openMemoryServer(config, {
      clock,
      random: random.fork(`server ${name}`),
      uploadRandom: random.fork(`uploads at ${name}`),
      pace: { milliseconds: () => clock.now() * 1_000, wait: async () => undefined },
      report: reportFrom(name),
      ...(options.switchedOff === "filter" ? { filter: passEverything } : {}),
    });
    opened.defer(() => server.close());
    return server;
  };
  const [state, nation] = await Promise.all([open("state"), open("nation")]);
  // After both are open: jobs that are due at once run in the order of their addition.
  const startJobs = (name: string, server: OpenServer) => {
    for (const job of server.jobs) {
      const isOff = options.switchedOff !== null && job.name.startsWith(options.switchedOff);
      // The nation goes on exporting: what is taken out is the state's way.
      if (isOff && !(job.name === "export" && name === "nation")) continue;
      runner.add(name, { ...job, everySeconds: Math.max(job.everySeconds, JOB_RHYTHM_SECONDS) });
    }
  };
  startJobs("state", state);
  startJobs("nation", nation);
  const generated = { state: new Set<string>(), nation: new Set<string>() };
  runner.add("world", {
    name: "note-generated-keys",
    everySeconds: DAY,
    run: async () => {
      await noteGeneratedKeys(state, generated.state);
      await noteGeneratedKeys(nation, generated.nation);
    },
  });
  const stack = opened.move();
  return {
    clock,
    runner,
    random,
    state,
    nation,
    cdn: createCdn({
      origin: reachServers,
      clock,
      random: random.fork("cdn"),
      nodes: CDN_NODES,
      minTtlSeconds: CDN_INDEX_SECONDS,
    }),
    ledger: createKeyLedger(),
    network: options.network ?? (() => fetch),
    uploads: noUploads(),
    checks: { count: 0 },
    generated,
    switchedOff: options.switchedOff,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Makes a signing key and answers it as phones and importers trust it. */
export async function makeSigningKey(server: OpenServer, name: string, keyId: string): Promise<TrustedKey> {
  await server.signingKeys.create(name);
  const publicKey = parsePublicKey(await server.signingKeys.publicKeyPem(name), nodeArchiveTools);
  return { keyId, keyVersion: "v1", publicKey, from: 0, until: null };
}

/** A location as it would be without the product's filter. */
const passEverything: ContentFilter = async (primaries, revised) => ({
  primaries,
  revised,
  leftOut: 0,
  turnedRevised: 0,
});
