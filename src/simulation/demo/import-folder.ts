// The same migration on real input: a folder of archives that another server wrote is the state's second location.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type SourceProfile, STRICT_PROFILE, type TrustedKey } from "../../archive/archive-types.ts";
import { readIndexText } from "../../archive/index-text.ts";
import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../platform/blobs/memory-blobs.ts";
import { startObjectServer } from "../../platform/http/object-server.ts";
import { reportNothing } from "../../platform/observe/report.ts";
import { closeReport } from "./close-report.ts";
import type { DemoOptions, DemoReport, Narrator } from "./demo-types.ts";
import { ARCHIVES_PLACE, expectFromFolder } from "./expect-from-folder.ts";
import { endOfRun, exportedBy, mirroredBy } from "./longest-way.ts";
import { narrateEvents } from "./narrate-events.ts";
import { type FleetPhone, type FleetPlan, slowestPollOf, startFleet, WHOLE_FLEET } from "./phone-fleet.ts";
import { createClientLocation, createMirror, createNationalExport, createSource } from "./set-up-migration.ts";
import { openWorld, type World } from "./world.ts";

export interface FolderOptions extends DemoOptions {
  /** Holds `index.txt`, whose lines resolve against it. */
  readonly archives: string;
  readonly trustedKey: TrustedKey;
  /** What of them is taken that the format does not have; by default nothing. */
  readonly profile?: SourceProfile;
  readonly region: string;
  /** Where the virtual clock starts; the age of keys is judged by it. */
  readonly now: UnixSeconds;
}

export type FolderErrorCode = "archives_folder_unusable" | "archives_index_refused" | "demo_not_settled";

const PADDING = { minRecords: 100, paddingRange: 20 };
/** Longer than a missing archive is asked for before it is quarantined. */
const PATIENCE_SECONDS = 5 * DAY;

/** Of the demo's progress. */
const IMPORT_SHARE = 0.2;

/** Imports the folder, re-exports, mirrors, and lets phones follow until nothing is left to do. */
export async function importFolder(options: FolderOptions): Promise<DemoReport> {
  const { narrator, now: startsAt, region, profile = STRICT_PROFILE } = options;
  const folder = await readFolder(options.archives);
  const importedAt = new Map<string, UnixSeconds>();
  const narrate = narrateEvents(narrator);
  const onEvent: typeof narrate = (server, event, now) => {
    if (event.event === "import.archive-completed") importedAt.set(String(event["line"]), now);
    narrate(server, event, now);
  };
  await using world = await openWorld({ ...options, startsAt, onEvent });
  // Only the import sees the folder.
  await using second = await serve(folder);
  const clientSeal = await createClientLocation(world, startsAt);
  const nationalSeal = await createNationalExport(world, startsAt, { ...PADDING, regions: [region] });
  await createSource(world, region, second.url, options.trustedKey, startsAt, profile);

  narrator.stage("The nation imports the archives: each ends complete or quarantined");
  await settle(world, narrator);
  await requireListing(world);
  const settledAt = world.clock.now();
  const refused = (await world.nation.imports.sourceStatus("state")).quarantined.map(({ line }) => line);
  await expectFromFolder(world.ledger, folder, {
    refused,
    discoveredAt: startsAt,
    profile,
    importedAt: (line) => importedAt.get(line) ?? settledAt,
  });
  const carries = [{ place: ARCHIVES_PLACE, from: settledAt }];
  const fleet = await deliver(world, options.fleet ?? WHOLE_FLEET, narrator, {
    region,
    nationalSeal,
    locations: {
      "state-client": { seal: clientSeal, carries },
      national: { seal: nationalSeal, carries },
    },
  });
  return await closeReport(world, {
    demo: "archives",
    ...options,
    startsAt,
    fleet,
    stateExports: [],
    hasMirror: true,
    refusalsExpected: true,
  });
}

/** Runs until no archive waits any more; the first discovery is due at once. */
async function settle(world: World, narrator: Narrator): Promise<void> {
  const from = world.clock.now();
  for (;;) {
    await world.runner.runUntil(world.clock.now() + HOUR);
    const status = await world.nation.imports.sourceStatus("state");
    const { archives } = status;
    const waiting = archives.open + archives.leased + archives.retry;
    const done = archives.complete + archives.quarantined;
    narrator.progress({
      fraction: (IMPORT_SHARE * done) / Math.max(1, done + waiting),
      now: world.clock.now(),
      keys: status.keys.outcomes.inserted ?? 0,
      checks: 0,
    });
    if (waiting === 0 || world.switchedOff === "import") return;
    if (world.clock.now() - from > PATIENCE_SECONDS) {
      throw new CodedError<FolderErrorCode>("demo_not_settled", "archives are still waiting after five days");
    }
  }
}

/** An index that the import could not believe lists nothing, and that is no migration that ended well. */
async function requireListing(world: World): Promise<void> {
  const { indexCheck } = await world.nation.imports.sourceStatus("state");
  if (indexCheck.reachedAt !== null || world.switchedOff === "import") return;
  throw new CodedError<FolderErrorCode>(
    "archives_index_refused",
    `the import could not read the folder's index (${indexCheck.code ?? "no answer"})`,
  );
}

interface Delivery {
  readonly region: string;
  readonly nationalSeal: TrustedKey;
  readonly locations: Parameters<typeof startFleet>[2];
}

/** Phones begin where both locations have an index, and go on until the slowest has had its chance to see the last key. */
async function deliver(
  world: World,
  plan: readonly FleetPlan[],
  narrator: Narrator,
  { region, nationalSeal, locations }: Delivery,
): Promise<FleetPhone[]> {
  const releases = [...world.ledger.entered.values()].flatMap((key) => (key.revoked ? [] : [key.releasedAt]));
  // Nothing will ever be published, so that phones would find no index.
  if (releases.length === 0) return [];
  narrator.stage("The nation exports, the mirror follows, phones look: until the slowest has seen the last key");
  const from = world.clock.now();
  const firstReleasedAt = releases.reduce((first, at) => Math.min(first, at));
  const lastReleasedAt = releases.reduce((last, at) => Math.max(last, at));
  const until = endOfRun(Math.max(from, lastReleasedAt), slowestPollOf(plan));
  const liveUntil = (end: UnixSeconds) =>
    world.runner.runUntil(end, (now) => {
      const fraction = IMPORT_SHARE + (1 - IMPORT_SHARE) * ((now - from) / (until - from));
      narrator.progress({ fraction, now, keys: world.ledger.entered.size, checks: world.checks.count });
    });
  const fleet = startFleet(world, plan, locations, Math.max(from, mirroredBy(firstReleasedAt)), until);
  await liveUntil(Math.max(from, exportedBy(firstReleasedAt)));
  await createMirror(world, region, nationalSeal, world.clock.now());
  await liveUntil(until);
  return fleet;
}

/** The folder's files under their paths from it; a link stands for what it leads to. */
async function readFolder(folder: string): Promise<BlobStore> {
  const blobs = createMemoryBlobs();
  try {
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith(".zip") && name !== "index.txt") continue;
      const path = join(folder, name);
      if (!(await stat(path)).isFile()) continue;
      await blobs.put(name.replaceAll("\\", "/"), await readFile(path), { contentType: "", cacheControl: "" });
    }
  } catch (cause) {
    throw new CodedError<FolderErrorCode>("archives_folder_unusable", `the folder "${folder}" cannot be read`, {
      cause,
    });
  }
  const index = await blobs.get("index.txt");
  if (index && readIndexText(new TextDecoder().decode(index.bytes)).length > 0) return blobs;
  const what = index ? "lists no archive" : "is not there";
  throw new CodedError<FolderErrorCode>("archives_folder_unusable", `the index.txt of "${folder}" ${what}`);
}

async function serve(blobs: BlobStore): Promise<{ url: string } & AsyncDisposable> {
  const server = await startObjectServer({
    blobs,
    host: "127.0.0.1",
    port: 0,
    report: reportNothing,
    isPublic: () => true,
  });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}
