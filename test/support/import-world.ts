// One server with a source: a misbehaving second location, a signing key, a clock that tests move.

import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { readKeysOfOrigin } from "../../src/features/exposures/page-queries.ts";
import { createImportFeature, type ImportFeature, importMigrations } from "../../src/features/import/feature.ts";
import type { ImportDeps, ImportSettings, ImportSource } from "../../src/features/import/import-types.ts";
import type { NewSource } from "../../src/features/import/sources/add-source.ts";
import type { SourceStatus } from "../../src/features/import/sources/source-status.ts";
import { upstreamMigrations } from "../../src/features/upstreams/feature.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { MigrationSet } from "../../src/platform/database/migrate.ts";
import type { Fetcher } from "../../src/platform/http/fetcher.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { OpenDatabase } from "./databases.ts";
import { exposureMigrations } from "./exposure-migrations.ts";
import { buildSample, makeSigner, SAMPLE_WINDOW, type SampleSigner } from "./sample-archives.ts";
import { type ServedObject, type SourceServer, startSourceServer } from "./source-server.ts";

/** A day after the sample archives end. */
export const NOW = SAMPLE_WINDOW.end + DAY;

export interface ImportWorld {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly clock: VirtualClock;
  readonly server: SourceServer;
  readonly signer: SampleSigner;
  readonly feature: ImportFeature;
  readonly source: ImportSource;
  readonly events: readonly ReportedEvent[];
  /** A second server program on the same database. */
  anotherFeature(changes?: FeatureChanges): ImportFeature;
  list(...lines: string[]): void;
  serve(line: string, object: ServedObject | Uint8Array): void;
  /** Serves an archive with these keys, signed as the source does. */
  publish(line: string, content: { primaries?: KeyBatch; revised?: KeyBatch; region?: string }): Promise<Uint8Array>;
  /** One discovery and one import. */
  run(): Promise<void>;
  /** Imports hour after hour until nothing waits, at most `hours`. */
  runHours(hours: number): Promise<void>;
  status(): Promise<SourceStatus>;
  /** The import's keys with the values in force, by key data in hex. */
  importedKeys(): Promise<Map<string, ReturnType<KeyBatch["at"]>>>;
  close(): Promise<void>;
}

type FeatureChanges = Partial<Pick<ImportDeps, "database" | "fetcher" | "trace">>;

export interface WorldOptions {
  readonly settings?: Partial<ImportSettings>;
  readonly source?: Partial<NewSource>;
  /** By default the signer's key, trusted always. */
  readonly trust?: boolean;
  /** Besides those of the import. */
  readonly migrations?: readonly MigrationSet[];
}

export async function makeImportWorld(open: OpenDatabase, options: WorldOptions = {}): Promise<ImportWorld> {
  const database = await open([
    exposureMigrations,
    upstreamMigrations,
    importMigrations,
    ...(options.migrations ?? []),
  ]);
  const server = await startSourceServer();
  const fetcher = createFetcher();
  const clock = createVirtualClock(NOW);
  const signer = makeSigner();
  const events: ReportedEvent[] = [];
  const anotherFeature = (changes: FeatureChanges = {}) =>
    createImportFeature({
      database,
      fetcher,
      archiveTools: nodeArchiveTools,
      clock,
      report: (event) => void events.push(event),
      exposures: { truncateWindowSeconds: HOUR },
      settings: options.settings ?? {},
      ...changes,
    });
  const feature = anotherFeature();
  const source = await feature.addSource({
    name: "state",
    indexUrl: `${server.url}/state/index.txt`,
    baseUrl: `${server.url}/state`,
    region: "XX",
    allowPrivateAddresses: true,
    ...options.source,
  });
  if (options.trust !== false) {
    await feature.addTrustedKey("state", { keyId: "999", keyVersion: "v1", publicKeyPem: signer.pem });
  }
  const serve: ImportWorld["serve"] = (line, object) =>
    server.put(`/state/${line}`, object instanceof Uint8Array ? { body: object } : object);
  return {
    database,
    fetcher,
    clock,
    server,
    signer,
    feature,
    source,
    events,
    anotherFeature,
    serve,
    list: (...lines) => server.put("/state/index.txt", { body: lines.join("\n") }),
    async publish(line, { primaries = KeyBatch.empty, revised = KeyBatch.empty, region = "XX" }) {
      const bytes = await buildSample([signer], { primaries, revised, region });
      serve(line, bytes);
      return bytes;
    },
    async run() {
      await feature.discoverArchives(source, clock.now());
      await feature.importArchives(source, clock.now());
    },
    async runHours(hours) {
      for (let hour = 0; hour < hours; hour++) {
        await feature.importArchives(source, clock.now());
        if ((await feature.sourceStatus("state")).waiting.length === 0) return;
        clock.advance(HOUR);
      }
    },
    status: () => feature.sourceStatus("state"),
    async importedKeys() {
      const batch = await readKeysOfOrigin(database.db, ["import"], null, 1_000_000);
      return new Map(Array.from(batch, (key, index) => [batch.keyHex(index), key]));
    },
    async close() {
      await fetcher.close();
      await server.close();
    },
  };
}

/** The reasons of the quarantined archives, by line. */
export function quarantineReasons(status: SourceStatus): Record<string, string | null> {
  return Object.fromEntries(status.quarantined.map(({ line, reason }) => [line, reason]));
}
