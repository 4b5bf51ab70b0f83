// The verification feature: whose word is taken that somebody was diagnosed, and what that word has to look like.

import { join } from "node:path";
import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Statement } from "../../platform/database/statement.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { jobBySubject } from "../../platform/jobs/job-by-subject.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { authorityRoutes } from "./admin-api.ts";
import { verificationAheadTables } from "./ahead-queries.ts";
import { authenticateStats } from "./authenticate-stats.ts";
import { createAuthorityDirectory } from "./authority-directory.ts";
import { deleteUsesBefore } from "./certificate-use-queries.ts";
import { eachJwks } from "./jwks/refresh-jwks.ts";
import { changeAuthority, createAuthority, findAuthority } from "./manage-authorities.ts";
import { addAuthorityKey, type EnteredKey, endAuthorityKey } from "./manage-keys.ts";
import { deleteWithdrawnBefore, readAuthoritiesWithJwks } from "./queries.ts";
import { countingUses, recordUses } from "./record-uses.ts";
import type { VerificationDeps } from "./verification-deps.ts";
import {
  type Authority,
  type AuthorityKey,
  type AuthoritySettings,
  type CertifiedRequest,
  DEFAULT_SETTINGS,
  type VerificationSettings,
  type VerifiedCertificate,
} from "./verification-types.ts";
import { verifyCertificate } from "./verify-certificate.ts";

export const verificationMigrations: MigrationSet = {
  name: "verification",
  folder: join(import.meta.dirname, "migrations"),
};

export interface VerificationFeature {
  /** See `verify-certificate.ts`. */
  verifyCertificate(
    certificate: string,
    request: CertifiedRequest,
    allowedAuthorityIds: readonly number[] | null,
    now: UnixSeconds,
  ): Promise<VerifiedCertificate>;
  /** See `authenticate-stats.ts`. */
  authenticateStats(token: string, audience: string, now: UnixSeconds): Promise<{ authorityId: number }>;
  /** See `record-uses.ts`. */
  recordUses(
    tx: Db,
    certificates: readonly Pick<VerifiedCertificate, "digest" | "expiresAt">[],
  ): Promise<ReadonlySet<string>>;
  /** See `record-uses.ts`. */
  countingUses(certificates: readonly Pick<VerifiedCertificate, "digest" | "expiresAt">[]): Statement[] | null;
  /** Where authorities publish their keys. */
  jwksSources(): Promise<{ readonly url: string; readonly allowPrivateAddresses: boolean }[]>;
  createAuthority(settings: AuthoritySettings): Promise<Authority>;
  changeAuthority(name: string, changes: Partial<Omit<AuthoritySettings, "name">>): Promise<Authority>;
  /** Throws `authority_unknown`. */
  findAuthority(db: Db, name: string): Promise<Authority>;
  addAuthorityKey(name: string, entered: EnteredKey): Promise<AuthorityKey>;
  endAuthorityKey(name: string, version: string, until: UnixSeconds | null): Promise<AuthorityKey>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export interface VerificationFeatureDeps extends Omit<VerificationDeps, "settings" | "directory"> {
  /** What differs from the defaults. */
  readonly settings?: Partial<VerificationSettings>;
}

/** How long a key that a JWKS has withdrawn is shown (KS 4.6). */
const WITHDRAWN_KEPT_SECONDS = 30 * DAY;

export function createVerificationFeature(given: VerificationFeatureDeps): VerificationFeature {
  const deps: VerificationDeps = {
    ...given,
    settings: { ...DEFAULT_SETTINGS, ...given.settings },
    directory: createAuthorityDirectory(given),
  };
  return {
    verifyCertificate: (certificate, request, allowedAuthorityIds, now) =>
      verifyCertificate(deps, certificate, request, allowedAuthorityIds, now),
    authenticateStats: (token, audience, now) => authenticateStats(deps, token, audience, now),
    recordUses: (tx, certificates) => recordUses(deps, tx, certificates),
    countingUses: (certificates) => countingUses(deps, certificates),
    async jwksSources() {
      const authorities = await readAuthoritiesWithJwks(deps.database.db);
      return authorities.flatMap(({ jwksUrl, allowPrivateAddresses }) =>
        jwksUrl === null ? [] : [{ url: jwksUrl, allowPrivateAddresses }],
      );
    },
    createAuthority: (settings) => createAuthority(deps, settings),
    changeAuthority: (name, changes) => changeAuthority(deps, name, changes),
    findAuthority,
    addAuthorityKey: (name, entered) => addAuthorityKey(deps, name, entered),
    endAuthorityKey: (name, version, until) => endAuthorityKey(deps, name, version, until),
    ahead: verificationAheadTables,
    routes: authorityRoutes(deps),
    jobs: [
      jobBySubject({
        name: "refresh-jwks",
        duty: "clean-up",
        everySeconds: deps.settings.refreshJwksEverySeconds,
        needs: "closing",
        ...eachJwks(deps),
      }),
      {
        name: "clean-up-verification",
        duty: "clean-up",
        everySeconds: 4 * HOUR,
        needs: "destroying",
        run: (now) => cleanUp(deps, now),
      },
    ],
  };
}

async function cleanUp({ database, settings, report }: VerificationDeps, now: UnixSeconds): Promise<void> {
  // An hour longer than any certificate is taken, for clocks that differ.
  const certificates = await deleteUsesBefore(database.db, now - settings.clockLeewaySeconds - HOUR);
  const withdrawnKeys = await deleteWithdrawnBefore(database.db, now - WITHDRAWN_KEPT_SECONDS);
  report({ event: "verification.cleaned-up", certificates, withdrawnKeys });
}
