// One server whose location "client" is fed by a mirror of a misbehaving national server, over real loopback HTTP.

import { expect } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { createMirrorFeature, type MirrorFeature, mirrorMigrations } from "../../src/features/mirror/feature.ts";
import type { MirrorDeps, NewMirror } from "../../src/features/mirror/mirror-types.ts";
import { upstreamMigrations } from "../../src/features/upstreams/feature.ts";
import type { TrustedKeyFacts } from "../../src/features/upstreams/upstream-types.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import { relyOn } from "../../src/platform/time/clock-trust.ts";
import type { OpenDatabase } from "./databases.ts";
import { namesOf } from "./index-follower.ts";
import { type LocationWorld, type LocationWorldOptions, makeLocationWorld, START } from "./location-world.ts";
import { buildSample, makeSigner, type SampleSigner } from "./sample-archives.ts";
import { type ServedObject, type SourceServer, startSourceServer } from "./source-server.ts";

export interface MirrorWorld extends LocationWorld {
  readonly server: SourceServer;
  /** The national seal. */
  readonly nation: SampleSigner;
  readonly mirrors: MirrorFeature;
  /** Another program on the same database. */
  anotherMirror(changes?: Partial<MirrorDeps>): MirrorFeature;
  /** Serves an archive that ends at `end`, by default under the national seal. */
  publish(line: string, content: SourceContent): Promise<Uint8Array>;
  serve(line: string, object: ServedObject): void;
  list(...lines: string[]): void;
  /** Runs the mirrors' job. */
  run(now?: UnixSeconds, mirrors?: MirrorFeature): Promise<void>;
  /** How the last run ended: null, or its code. */
  lastError(): Promise<string | null>;
  close(): Promise<void>;
}

export interface SourceContent {
  readonly primaries?: KeyBatch;
  readonly revised?: KeyBatch;
  readonly end?: UnixSeconds;
  readonly signer?: SampleSigner;
}

export interface MirrorWorldOptions extends LocationWorldOptions {
  readonly settings?: Partial<NewMirror>;
  readonly trust?: Partial<TrustedKeyFacts>;
  /** The national seal; a new one unless given. */
  readonly nation?: SampleSigner;
}

export async function makeMirrorWorld(open: OpenDatabase, options: MirrorWorldOptions = {}): Promise<MirrorWorld> {
  const world = await makeLocationWorld(open, { ...options, migrations: [upstreamMigrations, mirrorMigrations] });
  const server = await startSourceServer();
  const fetcher = createFetcher();
  const nation = options.nation ?? makeSigner("310", "v1");
  const anotherMirror = (changes: Partial<MirrorDeps> = {}) =>
    createMirrorFeature({
      database: world.database,
      fetcher,
      archiveTools: nodeArchiveTools,
      clock: relyOn({ now: () => START }),
      locations: world.feature,
      report: (event) => void world.events.push(event),
      ...changes,
    });
  const mirrors = anotherMirror();
  await mirrors.create({ ...mirrorSettings(server), ...options.settings }, [{ ...trustIn(nation), ...options.trust }]);
  const serve = (line: string, object: ServedObject) => server.put(`/national/${line}`, object);
  return {
    ...world,
    server,
    nation,
    mirrors,
    anotherMirror,
    serve,
    list: (...lines) => server.put("/national/index.txt", { body: lines.join("\n") }),
    async publish(line, { primaries = KeyBatch.empty, revised = KeyBatch.empty, end = START - DAY, signer = nation }) {
      const bytes = await buildSample([signer], { primaries, revised, start: end - HOUR, end, region: "US" });
      serve(line, { body: bytes, contentType: "application/zip" });
      return bytes;
    },
    async run(now = START, feature = mirrors) {
      for (const job of feature.jobs) await job.run(now);
    },
    lastError: async () => (await mirrors.list())[0]?.lastError ?? null,
    async close() {
      await fetcher.close();
      await server.close();
    },
  };
}

export function mirrorSettings(server: SourceServer): NewMirror {
  return {
    name: "national",
    location: "client",
    method: "reseal",
    indexUrl: `${server.url}/national/index.txt`,
    baseUrl: `${server.url}/national`,
    region: "XX",
    maxRecords: 1_000,
    allowPrivateAddresses: true,
    otherEntries: [],
    batchParts: false,
    onsetCodes: false,
    from: 0,
    until: null,
  };
}

export function trustIn({ trustedKey, pem }: SampleSigner): TrustedKeyFacts {
  const { keyId, keyVersion, from, until } = trustedKey;
  return { keyId, keyVersion, publicKeyPem: pem, from, until };
}

/** Has every new archive followed, and answers the names of the primaries of each, sorted. */
export async function primariesOf(world: MirrorWorld): Promise<string[][]> {
  await world.follower.check();
  expect(world.follower.problems).toEqual([]);
  return world.follower.archives.map(({ primaries }) => sortedNames(primaries));
}

/** Key data in hex of all batches. */
export function sortedNames(...batches: KeyBatch[]): string[] {
  return batches.flatMap(namesOf).sort();
}

/** How often the source was asked for the archive. */
export function requestsFor(world: MirrorWorld, line: string): number {
  return world.server.requests.filter((path) => path === `/national/${line}`).length;
}
