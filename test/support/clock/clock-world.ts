// A server that has lived for weeks with a right clock, the state it was in then, and everything that it owes to phones.

import { nodeArchiveTools } from "../../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../../src/archive/parse-public-key.ts";
import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../src/core/clock.ts";
import type { ExposureKey } from "../../../src/core/exposure-key.ts";
import { chooseOnset, daysSinceOnset } from "../../../src/core/symptom-onset.ts";
import { createApp } from "../../../src/features/publish/apps/manage-apps.ts";
import type { BlobStore } from "../../../src/platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../../src/platform/blobs/memory-blobs.ts";
import type { Database } from "../../../src/platform/database/database.ts";
import { cryptoRandom } from "../../../src/platform/random/crypto-random.ts";
import { createVirtualClock, type VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { fetcherOver } from "../../../src/simulation/network/network-clients.ts";
import { makeAuthority, type TestAuthority } from "../certificates.ts";
import { IndexFollower } from "../index-follower.ts";
import { ClockMachine, RIGHT } from "./clock-machine.ts";
import { APP, makeReport, OPEN_APP, type Report, send } from "./clock-people.ts";
import { createUpstreams, type Tree, type Upstreams } from "./clock-upstreams.ts";
import { takeTemplate } from "./database-template.ts";
import { createResettableBlobs } from "./resettable-blobs.ts";

/** The first moment of a UTC day. */
export const BEGINNING: UnixSeconds = 1_795_132_800;
export const RETENTION_SECONDS = 14 * DAY;
const DAYS = 17;
/** From here on a world lives through what is tested. */
export const GROWN_UP = BEGINNING + DAYS * DAY + 14 * HOUR + 5 * MINUTE;

const SOURCE = "https://state.example";
const NATION = "https://nation.example";
const JWKS = "https://health.example";

export const LOCATIONS = ["client", "second", "mirrored"] as const;
export type LocationName = (typeof LOCATIONS)[number];

/** What must have come to phones in the end, as its keys in hex. */
export interface Owed {
  readonly keys: Record<LocationName, Set<string>>;
  /** The report type of each, as it was told last. */
  readonly types: Map<string, number>;
  /** Of uploads that state no onset, how many days each key lies from the one that is assumed. */
  readonly onsetDays: Map<string, number>;
}

export interface ClockWorld {
  readonly truth: VirtualClock;
  readonly machine: ClockMachine;
  readonly upstreams: Upstreams;
  readonly source: Tree;
  readonly nation: Tree;
  readonly database: Database;
  readonly blobs: BlobStore;
  followers: Map<LocationName, IndexFollower>;
  /** Location -> line -> when it was first seen. */
  firstSeen: Map<LocationName, Map<string, UnixSeconds>>;
  owed: Owed;
  reports: Report[];
  authority: TestAuthority;
  /** Keys that the source has revised and not listed. */
  awaited: ExposureKey[];
}

const TYPES: Readonly<Record<string, number>> = { confirmed: 1, likely: 2 };

export interface GrownWorld {
  readonly world: ClockWorld;
  /** Makes it again what it was when it had grown up. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** Lets a world grow up: seventeen days with a right clock, of which the last three are busy. */
export async function growWorld(database: Database): Promise<GrownWorld> {
  const blobs = createResettableBlobs();
  const world = openWorld(database, blobs.store);
  await world.machine.start();
  await setUp(world, BEGINNING);
  for (let day = 0; day < DAYS; day++) {
    const isBusy = day >= DAYS - 3;
    await liveADay(world, BEGINNING + day * DAY, isBusy ? [8, 20] : [13], isBusy ? undefined : CARRYING_JOBS);
  }
  await liveADay(world, BEGINNING + DAYS * DAY, [2, 14]);
  world.truth.set(GROWN_UP);
  world.machine.stop();
  const problems = [
    ...LOCATIONS.flatMap((name) => world.followers.get(name)?.problems ?? []),
    ...world.machine.failures.map(({ job, code }) => `${job}: ${code}`),
    ...world.reports.flatMap(({ refusals }) => refusals),
  ];
  if (problems.length > 0) throw new Error(`the world did not grow up well: ${problems.join("; ")}`);
  const template = await takeTemplate(database);
  const putBack = [noteState(world), await blobs.note()];
  return {
    world,
    async reset() {
      await template.restore();
      for (const one of putBack) await one();
    },
    drop: () => template.drop(),
  };
}

/** One that has not begun to live. */
export function openWorld(database: Database, blobs: BlobStore = createMemoryBlobs()): ClockWorld {
  const truth = createVirtualClock(BEGINNING);
  const upstreams = createUpstreams(truth);
  const settings = { name: "state", uploadsPerMinute: 0 };
  const fetcher = fetcherOver(upstreams.network.send);
  const machine = new ClockMachine({ truth, database, blobs, fetcher, settings });
  const world: ClockWorld = {
    truth,
    machine,
    upstreams,
    source: upstreams.openTree(SOURCE, "YY"),
    nation: upstreams.openTree(NATION, "NA"),
    database,
    blobs,
    followers: new Map(),
    firstSeen: new Map(),
    owed: {
      keys: { client: new Set(), second: new Set(), mirrored: new Set() },
      types: new Map(),
      onsetDays: new Map(),
    },
    reports: [],
    authority: makeAuthority(),
    awaited: [],
  };
  upstreams.serve(JWKS, () => JSON.stringify([world.authority.jwk]));
  return world;
}

/** Plain data and what holds it; the database and the objects have their own. */
function noteState(world: ClockWorld): () => Promise<void> {
  const { machine, owed, reports, authority, awaited, source, nation, truth } = world;
  const grown = structuredClone({ owed, reports, awaited, firstSeen: world.firstSeen });
  const followers = new Map([...world.followers].map(([name, follower]) => [name, follower.copy()]));
  const trees = [source, nation].map((tree) => ({ tree, objects: new Map(tree.objects), lines: [...tree.lines] }));
  return async () => {
    truth.jump(GROWN_UP);
    machine.stop();
    Object.assign(machine, { tells: RIGHT, databaseTells: null, upstreamsTell: [] });
    machine.events.splice(0);
    machine.failures.splice(0);
    Object.assign(world, structuredClone(grown), { authority });
    world.followers = new Map([...followers].map(([name, follower]) => [name, follower.copy()]));
    for (const { tree, objects, lines } of trees) {
      Object.assign(tree, { objects: new Map(objects), lines: [...lines] });
    }
  };
}

function filterOf(...includeRegions: string[]) {
  return { includeRegions, excludeRegions: [], travelers: "region" as const };
}

function urlsOf({ url }: Tree) {
  return { indexUrl: `${url}/index.txt`, baseUrl: url };
}

/** What operators do with a new server, whose clock says that it is `from`. */
export async function setUp(world: ClockWorld, from: UnixSeconds): Promise<void> {
  const { machine, source, nation, authority, database } = world;
  const { server, signingKeys } = machine;
  for (const [at, name] of LOCATIONS.entries()) {
    await signingKeys.create(name);
    const seal = { keyId: `90${at}`, keyVersion: "v1" };
    await server.locations.create({
      name,
      retentionSeconds: RETENTION_SECONDS,
      graceSeconds: 2 * DAY,
      seal: { signingKey: name, ...seal, from },
    });
    const publicKey = parsePublicKey(await signingKeys.publicKeyPem(name), nodeArchiveTools);
    world.followers.set(name, new IndexFollower(world.blobs, name, [{ ...seal, publicKey, from: 0, until: null }]));
  }
  const common = { from, thru: null, backfillSeconds: 0, maxRecords: 1_000, paddingRange: 0 };
  await server.exports.create({
    ...common,
    name: "main",
    location: "client",
    region: "XX",
    filter: filterOf("XX", "YY"),
    periodSeconds: HOUR,
    minRecords: 0,
  });
  await server.exports.create({
    ...common,
    name: "for-the-nation",
    location: "second",
    region: "XX",
    filter: filterOf("XX"),
    periodSeconds: 4 * HOUR,
    minRecords: 10,
  });
  const begins = { from, allowPrivateAddresses: false };
  await server.imports.addSource({ name: "neighbour", ...urlsOf(source), region: "YY", ...begins });
  await server.imports.addTrustedKey("neighbour", source.trust);
  const mirror = { name: "nation", location: "mirrored", method: "reseal" as const, region: "NA", maxRecords: 1_000 };
  await server.mirrors.create({ ...mirror, ...urlsOf(nation), ...begins, until: null }, [nation.trust]);
  const { iss, aud } = authority;
  const { id } = await server.verification.createAuthority({
    name: "health",
    iss,
    aud,
    jwksUrl: `${JWKS}/jwks.json`,
    allowPrivateAddresses: false,
    statsEnabled: true,
  });
  const may = { authorityIds: [id], bypassCertificate: false, bypassRevisionToken: false };
  await createApp(database, { name: APP, regions: ["XX"], ...may });
  await createApp(database, { name: OPEN_APP, regions: ["XX"], ...may, bypassCertificate: true });
  await machine.runJobs();
}

/** Without them nothing moves on; the others only tidy up. */
const CARRYING_JOBS = ["refresh-jwks", "import-discover", "import-archives", "export", "mirror", "rotate-token-keys"];

/** One report, one archive of each upstream, and the jobs at each of the hours. */
async function liveADay(
  world: ClockWorld,
  day: UnixSeconds,
  hours: readonly number[],
  jobs?: readonly string[],
): Promise<void> {
  for (const hour of hours) {
    world.truth.set(day + hour * HOUR);
    if (hour === hours.at(-1)) {
      const dayNumber = (day - BEGINNING) / DAY;
      await upload(
        world,
        makeReport(`day ${dayNumber}`, world.truth, { later: dayNumber % 2 === 0 ? "confirmed" : null }),
      );
      await listKeys(world);
    }
    await world.machine.runJobs(jobs);
    await look(world);
  }
}

/** A person's upload; what is acknowledged is owed. Answers the status. */
export async function upload(world: ClockWorld, report: Report): Promise<number> {
  const { reports, owed } = world;
  if (!reports.includes(report)) reports.push(report);
  const status = await send(world.machine, world.authority, report, world.truth.now());
  if (status !== 200) return status;
  const onset = chooseOnset({ request: null, certificate: null }, world.truth.now()).interval;
  for (const { key, rollingStartNumber } of report.request.keys) {
    const keyHex = Buffer.from(key, "base64").toString("hex");
    const days = daysSinceOnset(onset, rollingStartNumber);
    if (report.isRevised) owed.onsetDays.delete(keyHex);
    else if (typeof days === "number") owed.onsetDays.set(keyHex, days);
    owed.keys.client.add(keyHex);
    owed.keys.second.add(keyHex);
    // Without a certificate nobody says of what kind the diagnosis is.
    if (report.way === "by the open app") continue;
    owed.types.set(keyHex, TYPES[(report.isRevised ? report.later : report.first) ?? ""] ?? 0);
  }
  return status;
}

/**
 * What the upstreams list from now on is owed: one key of yesterday, one that is almost too old, both of this instant; and
 * a revision whose original is still to come, if one is wanted.
 */
export async function listKeys(world: ClockWorld, withAwaited = false): Promise<void> {
  const { source, nation, truth, owed } = world;
  const yesterday = Math.floor(truth.now() / DAY) * 144 - 144;
  // Half a day is left to it: an import that waits for hours still takes it.
  const oldest = Math.ceil((truth.now() - 15 * DAY + 12 * HOUR) / 600);
  const imported = [makeKey(yesterday), makeKey(oldest)];
  const revised = withAwaited ? [{ ...makeKey(yesterday), reportType: 1 as const }] : [];
  world.awaited.push(...revised);
  await source.list({ primaries: imported, revised });
  owe(owed, "client", imported);
  const mirrored = [makeKey(yesterday), makeKey(oldest)];
  await nation.list({ primaries: mirrored });
  owe(owed, "mirrored", mirrored);
}

/** The source lists the originals of what it has revised. */
export async function listAwaited(world: ClockWorld): Promise<void> {
  const { source, owed, awaited } = world;
  const originals = awaited.splice(0);
  await source.list({ primaries: originals.map((key) => ({ ...key, reportType: 2 as const })) });
  owe(owed, "client", originals);
}

function owe({ keys, types }: Owed, location: LocationName, owed: readonly ExposureKey[]): void {
  for (const { keyData, reportType } of owed) {
    keys[location].add(keyData.toHex());
    types.set(keyData.toHex(), reportType ?? 0);
  }
}

function makeKey(rollingStart: number): ExposureKey {
  const keyData = cryptoRandom.bytes(16);
  return { keyData, rollingStart, rollingPeriod: 144, transmissionRisk: 0, reportType: 1, daysSinceOnset: 0 };
}

/** Every follower looks at its tree; when each line was first seen is noted. */
export async function look(world: ClockWorld): Promise<void> {
  for (const [name, follower] of world.followers) {
    await follower.check();
    const seen = world.firstSeen.get(name) ?? new Map<string, UnixSeconds>();
    world.firstSeen.set(name, seen);
    for (const line of follower.lines) if (!seen.has(line)) seen.set(line, world.truth.now());
  }
}
