// A server that takes uploads, without its listener: real certificates, tokens and statistics on a real database.

import { type RawBuilder, sql } from "kysely";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { DEFAULT_ONSET_OPTIONS } from "../../src/core/symptom-onset.ts";
import { DEFAULT_UPLOAD_LIMITS } from "../../src/core/validate-upload.ts";
import { createExposuresFeature, type ExposuresFeature } from "../../src/features/exposures/feature.ts";
import { createApp } from "../../src/features/publish/apps/manage-apps.ts";
import {
  createPublishFeature,
  type PublishFeature,
  type PublishFeatureDeps,
  publishMigrations,
} from "../../src/features/publish/feature.ts";
import type { AuthorizedApp, PublishSettings } from "../../src/features/publish/publish-types.ts";
import {
  createRevisionFeature,
  type RevisionFeature,
  revisionMigrations,
} from "../../src/features/revision/feature.ts";
import { DEFAULT_REVISION_SETTINGS } from "../../src/features/revision/revision-types.ts";
import { createStatsFeature, type StatsFeature, statsMigrations } from "../../src/features/stats/feature.ts";
import {
  createVerificationFeature,
  type VerificationFeature,
  verificationMigrations,
} from "../../src/features/verification/feature.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { EncryptionKeys } from "../../src/platform/keys/encryption-keys.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { makeAuthority, makeRequest, type SentRequest, type TestAuthority } from "./certificates.ts";
import type { OpenDatabase } from "./databases.ts";
import { exposureMigrations } from "./exposure-migrations.ts";
import { authoritySettings } from "./verification-world.ts";

/** Ten in the morning of a UTC day. */
export const NOW = 1_795_514_400;
export const CURRENT = NOW / 600;
/** The interval that begins the day. */
export const MIDNIGHT = CURRENT - 60;

export const PUBLISH_SETTINGS: PublishSettings = {
  limits: DEFAULT_UPLOAD_LIMITS,
  onset: DEFAULT_ONSET_OPTIONS,
  paddingMinBytes: 1_024,
  paddingRangeBytes: 1_024,
  statsAudience: "keyserver",
  isInMaintenance: false,
  requestsPerMinute: 0,
  chaffMaxLatencyMilliseconds: 1_000,
};

export interface PublishAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: {
    readonly revisionToken?: string;
    readonly insertedExposures?: number;
    readonly error?: string;
    readonly code?: string;
    readonly padding?: string;
    readonly warnings?: readonly string[];
  };
}

export interface Process {
  readonly exposures: ExposuresFeature;
  readonly verification: VerificationFeature;
  readonly revision: RevisionFeature;
  readonly stats: StatsFeature;
  readonly publish: PublishFeature;
  /** Sends bytes, or a value as JSON, to the route; by default as a phone with Android does. */
  readonly post: (
    content: unknown,
    headers?: Readonly<Record<string, string>>,
    route?: Route,
  ) => Promise<PublishAnswer>;
  /** Uploads the request under a new certificate unless `members` have one. */
  readonly upload: (request: SentRequest, options?: UploadOptions) => Promise<PublishAnswer>;
}

export type Route = { readonly path?: string; readonly clientAddress?: string };

export interface UploadOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Of the request's body; undefined takes one out. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PublishWorld extends Process {
  readonly database: Database;
  readonly encryptionKeys: EncryptionKeys;
  readonly clock: VirtualClock;
  readonly authority: TestAuthority;
  readonly events: ReportedEvent[];
  addApp(changes: Partial<AuthorizedApp>): Promise<AuthorizedApp>;
  /** Another process of the server, or one with other parts. */
  anotherProcess(changes?: ProcessChanges): Process;
}

export interface ProcessChanges extends Partial<Omit<PublishFeatureDeps, "settings">> {
  readonly settings?: Partial<PublishSettings>;
  readonly encryptionKeys?: EncryptionKeys;
  readonly certificateMaxUses?: number;
}

export const uploadMigrations = [
  exposureMigrations,
  verificationMigrations,
  revisionMigrations,
  statsMigrations,
  publishMigrations,
];

/** With the authority "state", whose certificates the app "org.state" takes for the region US-WA. */
export async function makePublishWorld(open: OpenDatabase, changes: ProcessChanges = {}): Promise<PublishWorld> {
  return publishWorldOn(await open(uploadMigrations), changes);
}

export async function publishWorldOn(database: Database, changes: ProcessChanges = {}): Promise<PublishWorld> {
  const clock = createVirtualClock(NOW);
  const authority = makeAuthority("gov.state", "v1");
  const events: ReportedEvent[] = [];
  const encryptionKeys = changes.encryptionKeys ?? createMemoryEncryptionKeys();
  const anotherProcess = (more: ProcessChanges = {}) =>
    makeProcess({ database, clock, authority, events, encryptionKeys }, { ...changes, ...more });
  const first = anotherProcess();
  const { id } = await first.verification.createAuthority(authoritySettings("state", authority.iss));
  const { publicKeyPem } = authority;
  await first.verification.addAuthorityKey("state", { version: "v1", publicKeyPem, from: NOW - 20 * DAY, until: null });
  const addApp = (app: Partial<AuthorizedApp>) =>
    createApp(database, {
      name: "org.state",
      regions: ["US-WA"],
      authorityIds: [id],
      bypassCertificate: false,
      bypassRevisionToken: false,
      ...app,
    });
  await addApp({});
  return { ...first, database, encryptionKeys, clock, authority, events, addApp, anotherProcess };
}

interface Surroundings {
  readonly database: Database;
  readonly clock: VirtualClock;
  readonly authority: TestAuthority;
  readonly events: ReportedEvent[];
  readonly encryptionKeys: EncryptionKeys;
}

function makeProcess(world: Surroundings, changes: ProcessChanges): Process {
  const { clock, authority } = world;
  const report = (event: ReportedEvent) => void world.events.push(event);
  const parts = { ...world, random: cryptoRandom, report, ...changes };
  const exposures = createExposuresFeature({ ...parts, settings: { truncateWindowSeconds: HOUR } });
  const verification = createVerificationFeature({
    ...parts,
    fetcher: () => Promise.reject(new Error("nothing is fetched here")),
    archiveTools: nodeArchiveTools,
    clock,
    settings: { certificateMaxUses: changes.certificateMaxUses ?? 100 },
  });
  const revision = createRevisionFeature({
    ...parts,
    findSupplierId: async () => 7,
    settings: { ...DEFAULT_REVISION_SETTINGS, authenticated: Buffer.from("state") },
  });
  const stats = createStatsFeature({
    ...parts,
    settings: { uploadMinimum: 10, embargoSeconds: 2 * DAY, keptSeconds: 14 * DAY },
  });
  const features = { exposures, verification, revision, stats };
  const publish = createPublishFeature({
    ...features,
    readMergedSuppliers: async () => new Map(),
    milliseconds: () => clock.now() * 1_000,
    wait: async () => undefined,
    ...parts,
    settings: { ...PUBLISH_SETTINGS, ...changes.settings },
  });
  const post: Process["post"] = async (content, headers = {}, { path = "/v1/publish", clientAddress = "::1" } = {}) => {
    const route = publish.publicRoutes.find((one) => one.path === path);
    if (route === undefined) throw new Error(`there is no route ${path}`);
    const body = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
    const sent = { "content-type": "application/json", "user-agent": "Dalvik (Linux; Android 13)", ...headers };
    const request = { method: "POST", headers: sent, body, clientAddress, now: clock.now() };
    const { body: text, ...answer } = await route.answer(request);
    return { ...answer, text, body: JSON.parse(text) as PublishAnswer["body"] };
  };
  const upload: Process["upload"] = (request, { claims = {}, members = {}, headers = {} } = {}) =>
    post(
      contentOf(request, { verificationPayload: authority.certify(request, clock.now(), claims), ...members }),
      headers,
    );
  return { ...features, publish, post, upload };
}

/** The content of an upload for the app "org.state". */
export function contentOf(request: SentRequest, members: Readonly<Record<string, unknown>> = {}) {
  return {
    temporaryExposureKeys: request.keys,
    healthAuthorityID: "org.state",
    hmacKey: Buffer.from(request.hmacKey).toString("base64"),
    ...members,
  };
}

/** Random keys of the days before today. */
export function keysOf(count = 3): SentRequest {
  return makeRequest(count, MIDNIGHT, 0);
}

export interface StoredRow {
  readonly key: string;
  readonly rolling_period: number;
  readonly transmission_risk: number | null;
  readonly report_type: number | null;
  readonly days_since_onset: number | null;
  readonly regions: readonly string[];
  readonly traveler: boolean;
  readonly origin: string;
  readonly released_at: number;
  readonly revised_at: number | null;
  readonly revised_report_type: number | null;
  readonly revised_transmission_risk: number | null;
}

/** Of this request's keys those that are stored, in its order. */
export async function storedOf({ db }: Database, request: SentRequest): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`select *, encode(key_data, 'base64') as key from exposure`.execute(db);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return request.keys.flatMap(({ key }) => byKey.get(key) ?? []);
}

const count = (table: RawBuilder<unknown>) => sql<number>`(select count(*) from ${table})`;

/** Rows of everything that an upload writes; all zero: nothing of it was stored. */
export async function countRows({ db }: Database): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select ${count(sql`exposure`)} as keys, ${count(sql`upload_receipt`)} as receipts,
      ${count(sql`certificate_use`)} as uses, ${count(sql`upload_statistics`)} as statistics`.execute(db);
  return rows[0] ?? {};
}

export const NO_ROWS = { keys: 0, receipts: 0, uses: 0, statistics: 0 };
