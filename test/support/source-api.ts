// A source of an import world through the admin API: what the tests of its routes share.

import type { AuditEntryBody, AuditPage } from "../../src/features/administration/admin-schemas.ts";
import type { FilePage, RetryBody, SourceBody } from "../../src/features/import/admin-schemas.ts";
import type { TrustedKeyBody } from "../../src/features/upstreams/trusted-key-schemas.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import type { AdminAnswer, AdminClient, RefusalBody } from "./admin-client.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "./admin-world.ts";
import type { OpenDatabase } from "./databases.ts";
import { type ImportWorld, makeImportWorld, type WorldOptions } from "./import-world.ts";
import { sampleKeys } from "./sample-archives.ts";

export interface SourceApi {
  readonly world: ImportWorld;
  readonly admin: AdminWorld;
  show(): Promise<SourceBody>;
  files(query?: string): Promise<FilePage>;
  change(body: object): Promise<AdminAnswer<SourceBody>>;
  /** Answers how many archives were reopened. */
  retry(body: object): Promise<number>;
  /** The world's signer, unless `body` says otherwise. */
  trust(body?: object, by?: AdminClient): Promise<AdminAnswer<TrustedKeyBody>>;
  endTrust(id: number, until: string | null): Promise<AdminAnswer<TrustedKeyBody>>;
  lastAudit(): Promise<AuditEntryBody | undefined>;
  /** Serves an archive under the world's signature, and tries it until it is quarantined or complete. */
  settle(line?: string): Promise<void>;
  /** With the settings as they are now. */
  runJobs(): Promise<void>;
  close(): Promise<void>;
}

export const SOURCE_PATH = "/v1/sources/state";

export async function startSourceApi(open: OpenDatabase, options: WorldOptions = {}): Promise<SourceApi> {
  const world = await makeImportWorld(open, options);
  const { database, clock, feature } = world;
  await migrate(database, [administrationMigrations], clock);
  const admin = await startAdminWorld({ database, clock, routes: feature.routes });
  const { auditor, operator, administrator } = admin;
  const trustPath = `${SOURCE_PATH}/trusted-keys`;
  const signer = { keyId: "999", keyVersion: "v1", publicKeyPem: world.signer.pem };
  return {
    world,
    admin,
    show: async () => (await auditor.get<SourceBody>(SOURCE_PATH)).body,
    files: async (query = "") => (await auditor.get<FilePage>(`${SOURCE_PATH}/files${query}`)).body,
    change: (body) => operator.patch(SOURCE_PATH, body),
    retry: async (body) => (await operator.post<RetryBody>(`${SOURCE_PATH}/retries`, body)).body.reopened,
    trust: (body = {}, by = administrator) => by.post(trustPath, { ...signer, ...body }),
    endTrust: (id, until) => administrator.patch(`${trustPath}/${id}`, { until }),
    lastAudit: async () => (await auditor.get<AuditPage>("/v1/audit?limit=1")).body.items[0],
    async settle(line = "a.zip") {
      await world.publish(line, { primaries: sampleKeys(3) });
      world.list(line);
      await world.run();
      await world.runHours(5);
    },
    async runJobs() {
      for (const job of feature.jobs) await job.run(clock.now());
    },
    async close() {
      await admin.close();
      await world.close();
    },
  };
}

/** Status and code of a refusal. */
export async function refusalOf(asked: Promise<AdminAnswer<unknown>>): Promise<[status: number, code: string]> {
  const { status, body } = await asked;
  return [status, (body as RefusalBody).code];
}
