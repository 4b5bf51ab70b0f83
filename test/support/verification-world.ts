// A server that takes certificates of health authorities, which publish their keys over real loopback HTTP.

import type { KyselyPlugin } from "kysely";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import {
  createVerificationFeature,
  type VerificationFeature,
  type VerificationFeatureDeps,
  verificationMigrations,
} from "../../src/features/verification/feature.ts";
import type { AuthoritySettings, VerificationSettings } from "../../src/features/verification/verification-types.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { administrationMigrations, WORLD_START } from "./admin-world.ts";
import { makeRequest, type TestAuthority } from "./certificates.ts";
import type { OpenDatabase } from "./databases.ts";
import { type SourceServer, startSourceServer } from "./source-server.ts";

export const NOW = WORLD_START;
export const JWKS_PATH = "/.well-known/jwks.json";

/** What a phone sends; the same for all certificates of these tests. */
export const request = makeRequest(3, Math.floor(NOW / 600));

export interface VerificationWorld {
  readonly database: Database;
  readonly clock: VirtualClock;
  readonly server: SourceServer;
  readonly events: ReportedEvent[];
  readonly feature: VerificationFeature;
  /** Another process of the same server. */
  anotherProcess(changes?: Partial<VerificationFeatureDeps>): VerificationFeature;
  /** Statements that the features have sent outside transactions. */
  statementCount(): number;
  /** Makes an authority that publishes its keys. */
  publishKeys(name: string, iss: string): Promise<void>;
  /** What it publishes from now on: keys as a bare list, or any text. */
  serve(answer: readonly TestAuthority[] | string, status?: number): void;
  refresh(feature?: VerificationFeature): Promise<void>;
  /** Whether a certificate is taken now: "taken", or the code. */
  readonly outcomeFor: (authority: TestAuthority, feature?: VerificationFeature) => Promise<string>;
  /** Whether its JWKS could be taken: null, or the code. */
  lastError(name: string): Promise<string | null>;
  close(): Promise<void>;
}

export async function makeVerificationWorld(
  open: OpenDatabase,
  settings: Partial<VerificationSettings> = {},
): Promise<VerificationWorld> {
  const database = await open([administrationMigrations, verificationMigrations]);
  const counter = new StatementCounter();
  const counted = { ...database, db: database.db.withPlugin(counter) };
  const [server, fetcher, clock] = [await startSourceServer(), createFetcher(), createVirtualClock(NOW)];
  const events: ReportedEvent[] = [];
  const anotherProcess = (changes: Partial<VerificationFeatureDeps> = {}) =>
    createVerificationFeature({
      database: counted,
      fetcher,
      archiveTools: nodeArchiveTools,
      clock,
      report: (event) => void events.push(event),
      settings,
      ...changes,
    });
  const feature = anotherProcess();
  return {
    database,
    clock,
    server,
    events,
    feature,
    anotherProcess,
    statementCount: () => counter.count,
    async publishKeys(name, iss) {
      const jwksUrl = `${server.url}${JWKS_PATH}`;
      await feature.createAuthority({ ...authoritySettings(name, iss), jwksUrl, allowPrivateAddresses: true });
    },
    serve(answer, status = 200) {
      const body = typeof answer === "string" ? answer : JSON.stringify(answer.map(({ jwk }) => jwk));
      server.put(JWKS_PATH, { status, body });
    },
    refresh: (of = feature) => runJob(of, "refresh-jwks", clock.now()),
    async outcomeFor(authority, of = feature) {
      try {
        await of.verifyCertificate(authority.certify(request, clock.now()), request, null, clock.now());
        return "taken";
      } catch (error) {
        return codeOf(error) ?? String(error);
      }
    },
    lastError: async (name) => (await feature.findAuthority(database.db, name)).jwksError,
    async close() {
      await fetcher.close();
      await server.close();
    },
  };
}

export function authoritySettings(name: string, iss: string): AuthoritySettings {
  const aud = "exposure-notifications-server";
  return { name, iss, aud, jwksUrl: null, allowPrivateAddresses: false, statsEnabled: true };
}

export async function runJob({ jobs }: VerificationFeature, name: string, now: number): Promise<void> {
  await jobs.find((job) => job.name === name)?.run(now);
}

class StatementCounter implements KyselyPlugin {
  count = 0;

  transformQuery: KyselyPlugin["transformQuery"] = ({ node }) => {
    this.count++;
    return node;
  };

  transformResult: KyselyPlugin["transformResult"] = async ({ result }) => result;
}
