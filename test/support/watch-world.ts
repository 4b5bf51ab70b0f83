// A whole server with its public listener, a clock that tests move, and something in front of it that may get in the way.

import { createServer, type Server } from "../../src/app/create-server.ts";
import { readStatus } from "../../src/app/status/read-status.ts";
import type { AlarmBody, StatusBody } from "../../src/app/status/status-schemas.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { HOUR, MINUTE, type UnixSeconds } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { ExportSettings } from "../../src/features/export/export-types.ts";
import type { SaveRequest } from "../../src/features/exposures/exposure-types.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import type { Duty } from "../../src/platform/config/config.ts";
import type { FetchRequest, FetchResult } from "../../src/platform/http/fetcher.ts";
import { startObjectServer } from "../../src/platform/http/object-server.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { type ReportedEvent, reportNothing } from "../../src/platform/observe/report.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import { relyOn } from "../../src/platform/time/clock-trust.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { OpenDatabase } from "./databases.ts";
import { makeKeys, START } from "./location-world.ts";

/** Between this server and phones: answers in the place of the listener, or passes the request on. */
export type Front = (request: FetchRequest, pass: () => Promise<FetchResult>) => Promise<FetchResult>;

const passOn: Front = (_request, pass) => pass();

export interface WatchWorld extends AsyncDisposable {
  readonly server: Server;
  readonly clock: VirtualClock;
  readonly blobs: ReturnType<typeof createMemoryBlobs>;
  readonly events: ReportedEvent[];
  /** What the watch asked for through the front, in order; cleared by the test. */
  readonly asked: string[];
  setFront(front: Front): void;
  setPublicUrl(url: string | null): void;
  createExport(changes?: Partial<ExportSettings>): Promise<void>;
  /** Keys as uploaded now, of the day before START. */
  upload(first: number, count: number, changes?: Partial<SaveRequest>): Promise<void>;
  /** Moves the clock on, and runs everything but the watch. */
  work(seconds: number): Promise<void>;
  /** One round of the watch; answers the status. */
  round(): Promise<StatusBody>;
  /** As `round`, what is wrong in short: "location client watch_index_old". */
  alarms(): Promise<string[]>;
  status(): Promise<StatusBody>;
  publicUrl: string;
}

export async function makeWatchWorld(
  open: OpenDatabase,
  { duties = ["export", "publish"] }: { readonly duties?: readonly Duty[] } = {},
): Promise<WatchWorld> {
  await using opened = new AsyncDisposableStack();
  const database = await open();
  const clock = createVirtualClock(START);
  const fetcher = createFetcher();
  opened.defer(() => fetcher.close());
  const blobs = createMemoryBlobs();
  const listener = await startObjectServer({
    blobs,
    host: "127.0.0.1",
    port: 0,
    report: reportNothing,
    isPublic: () => true,
  });
  opened.defer(() => listener.close());
  const events: ReportedEvent[] = [];
  const asked: string[] = [];
  let front: Front = passOn;
  let publicUrl: string | null = listener.url;
  const signingKeys = createMemorySigningKeys();
  const server = await createServer(
    {
      database,
      blobs,
      signingKeys,
      encryptionKeys: createMemoryEncryptionKeys(),
      archiveTools: nodeArchiveTools,
      fetcher: (request) => {
        asked.push(request.url.slice(listener.url.length + 1));
        return front(request, () => fetcher(request));
      },
      clock: relyOn(clock),
      random: seededRandom(1),
      report: (event) => void events.push(event),
      publicUrl: () => publicUrl,
    },
    { minWindowAgeSeconds: 0, duties: [...duties] },
  );
  await signingKeys.create("seal");
  await server.locations.create({
    name: "client",
    seal: { signingKey: "seal", keyId: "262", keyVersion: "v1", from: 0 },
  });
  const jobs = (isWatch: boolean) => server.jobs.filter(({ name }) => name.startsWith("watch-") === isWatch);
  const facts = { version: "1", startedAt: START, duties, publicUrl };
  const runner = { list: async () => [], deadLetters: async () => ({ items: [], next: null }) };
  const status = () => readStatus({ ...server, clock: relyOn(clock), runner, facts }, database, clock.now());
  const round = async () => {
    for (const job of jobs(true)) await job.run(clock.now());
    return status();
  };
  const stack = opened.move();
  return {
    server,
    clock,
    blobs,
    events,
    asked,
    publicUrl: listener.url,
    setFront: (other) => void (front = other),
    setPublicUrl: (url) => void (publicUrl = url),
    createExport: (changes = {}) =>
      server.exports.create({
        name: "main",
        location: "client",
        region: "XX",
        filter: { includeRegions: [], excludeRegions: [], travelers: "region" },
        periodSeconds: HOUR,
        from: START,
        thru: null,
        backfillSeconds: 0,
        maxRecords: 1_000,
        minRecords: 0,
        paddingRange: 0,
        ...changes,
      }),
    async upload(first, count, changes = {}) {
      const request: SaveRequest = {
        origin: { kind: "upload" },
        regions: ["XX"],
        traveler: false,
        now: clock.now(),
        primaries: makeKeys(first, count),
        revised: KeyBatch.empty,
        ...changes,
      };
      await database.transaction((tx) => server.exposures.save(tx, request));
    },
    async work(seconds) {
      clock.advance(seconds);
      for (const job of jobs(false)) await job.run(clock.now());
    },
    round,
    alarms: async () => (await round()).alarms.map(inShort),
    status,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export function inShort({ kind, name, reason }: AlarmBody): string {
  return `${kind} ${name} ${reason}`;
}

/** A cache that keeps an index for so long, whatever its headers say. */
export function cachingFront(clock: { now(): UnixSeconds }, seconds = 2 * MINUTE): Front {
  const kept = new Map<string, { readonly at: UnixSeconds; readonly result: FetchResult }>();
  return async (request, pass) => {
    if (!request.url.endsWith("index.txt")) return pass();
    const known = kept.get(request.url);
    if (known !== undefined && clock.now() - known.at < seconds) return known.result;
    const result = await pass();
    if (result.outcome === "ok") kept.set(request.url, { at: clock.now(), result });
    return result;
  };
}
