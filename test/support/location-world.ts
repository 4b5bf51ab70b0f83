// One server that publishes: locations on a database and a blob store, with a clock that tests move and a follower.

import { createHash } from "node:crypto";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import type { ExposureKey } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { NewLocation } from "../../src/features/locations/create-location.ts";
import {
  createLocationsFeature,
  type LocationsFeature,
  locationsMigrations,
} from "../../src/features/locations/feature.ts";
import { filterContent } from "../../src/features/locations/filter-content.ts";
import type { LocationDeps } from "../../src/features/locations/location-deps.ts";
import type { AppendOutcome, CommitSupply, Supply } from "../../src/features/locations/location-types.ts";
import { LEAST_RETENTION_SECONDS } from "../../src/features/locations/require-times.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { MigrationSet } from "../../src/platform/database/migrate.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import type { SigningKeys } from "../../src/platform/keys/signing-keys.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { RELIED_ON } from "../../src/platform/time/clock-trust.ts";
import type { OpenDatabase } from "./databases.ts";
import { IndexFollower } from "./index-follower.ts";

/** The first moment of a UTC day. */
export const START: UnixSeconds = 1_795_132_800;

export interface LocationWorld {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly feature: LocationsFeature;
  /** Sees the location "client"; its signing key is trusted. */
  readonly follower: IndexFollower;
  readonly trustedKey: TrustedKey;
  readonly events: ReportedEvent[];
  /** Another program with the same signing keys. */
  anotherFeature(changes?: Partial<LocationDeps>): LocationsFeature;
  /** Of the tree in the folder `tree`, by default that of "client". */
  newFollower(tree?: string): IndexFollower;
  /** Publishes keys of one hour as an export would; the hour ends at `end`. */
  append(content: Partial<Supply>, end: UnixSeconds, commit?: CommitSupply): Promise<AppendOutcome>;
}

export const commitNothing: CommitSupply = async () => undefined;

export interface LocationWorldOptions {
  readonly blobs?: BlobStore;
  /** Of another world, which has the key "seal" already. */
  readonly signingKeys?: SigningKeys;
  /** With a retention of less than ten days every location of the world may have that. */
  readonly location?: Partial<NewLocation>;
  readonly migrations?: readonly MigrationSet[];
}

export async function makeLocationWorld(
  open: OpenDatabase,
  options: LocationWorldOptions = {},
): Promise<LocationWorld> {
  const database = await open([locationsMigrations, ...(options.migrations ?? [])]);
  const blobs = options.blobs ?? createMemoryBlobs();
  const signingKeys = options.signingKeys ?? createMemorySigningKeys();
  if (!options.signingKeys) await signingKeys.create("seal");
  const publicKey = parsePublicKey(await signingKeys.publicKeyPem("seal"), nodeArchiveTools);
  const trustedKey = { keyId: "262", keyVersion: "v1", publicKey, from: 0, until: null };
  const events: ReportedEvent[] = [];
  const anotherFeature = (changes: Partial<LocationDeps> = {}) =>
    createLocationsFeature({
      database,
      blobs,
      signingKeys,
      archiveTools: nodeArchiveTools,
      filter: filterContent,
      report: (event) => void events.push(event),
      ...leastRetention(options.location?.retentionSeconds),
      // Tests name the time of each call.
      clock: { now: () => Number.MAX_SAFE_INTEGER, trust: () => RELIED_ON },
      ...changes,
    });
  const feature = anotherFeature();
  await feature.create({
    name: "client",
    seal: { signingKey: "seal", keyId: "262", keyVersion: "v1", from: 0 },
    ...options.location,
  });
  const newFollower = (tree = "client") => new IndexFollower(blobs, tree, [trustedKey]);
  return {
    database,
    blobs,
    signingKeys,
    feature,
    follower: newFollower(),
    trustedKey,
    events,
    anotherFeature,
    newFollower,
    append: (content, end, commit = commitNothing) => feature.append("client", makeSupply(content, end), end, commit),
  };
}

/** Of a world of short lives. */
function leastRetention(given = LEAST_RETENTION_SECONDS): Pick<LocationDeps, "leastRetentionSeconds"> {
  return given < 1 || given >= LEAST_RETENTION_SECONDS ? {} : { leastRetentionSeconds: given };
}

export function makeSupply(content: Partial<Supply>, end: UnixSeconds): Supply {
  return {
    supplier: "export:main",
    region: "XX",
    start: end - HOUR,
    end,
    primaries: KeyBatch.empty,
    revised: KeyBatch.empty,
    ...content,
  };
}

/** `count` exposure keys of the day before START, named by numbers from `first` on. */
export function makeKeys(first: number, count: number, changes: Partial<ExposureKey> = {}): KeyBatch {
  return KeyBatch.from(Array.from({ length: count }, (_, at) => ({ ...makeKey(first + at), ...changes })));
}

export function makeKey(name: number): ExposureKey {
  return {
    keyData: new Uint8Array(createHash("sha256").update(`exposure key ${name}`).digest().subarray(0, 16)),
    rollingStart: (START - DAY) / 600,
    rollingPeriod: 144,
    transmissionRisk: name % 5 === 0 ? null : name % 5,
    reportType: 2,
    daysSinceOnset: (name % 7) - 3,
  };
}

/** Repeats what a process that died, or a contended location, left undone, as the next run does. */
export async function untilDone(step: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      await step();
      return;
    } catch (error) {
      const mayBeRepeated = codeOf(error) === "location_contended" || String(error).includes("the process died");
      if (!mayBeRepeated) throw error;
    }
  }
  throw new Error("it was not done after twenty tries");
}

export async function runDeletions(feature: LocationsFeature, now: UnixSeconds): Promise<void> {
  await feature.jobs.find(({ name }) => name === "delete-archives")?.run(now);
}

export async function textOf(blobs: BlobStore, name: string): Promise<string | null> {
  const blob = await blobs.get(name);
  return blob && new TextDecoder().decode(blob.bytes);
}

/** The version of every object, by name. */
export async function contentsOf(blobs: BlobStore): Promise<Record<string, string | undefined>> {
  const names = await blobs.list("");
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await blobs.get(name))?.version])));
}

/** Writes an object as some other program does. */
export async function putForeign(blobs: BlobStore, name: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await blobs.put(name, bytes, { contentType: "application/octet-stream", cacheControl: "no-cache" });
}

/** The seal of the world's own signing key. */
export function sealFrom(from: UnixSeconds, keyVersion = "v1"): NewLocation["seal"] {
  return { signingKey: "seal", keyId: "262", keyVersion, from };
}
