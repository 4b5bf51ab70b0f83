// The JWKS of one authority, which does not wait for those of others; a failure is noted with the authority.

import type { UnixSeconds } from "../../../core/clock.ts";
import { codeOf } from "../../../core/coded-error.ts";
import type { SubjectWork } from "../../../platform/jobs/job.ts";
import * as events from "../events.ts";
import { noteJwksCheck, readAuthoritiesWithJwks } from "../queries.ts";
import type { VerificationDeps } from "../verification-deps.ts";
import type { Authority } from "../verification-types.ts";
import { refreshAuthority } from "./refresh-authority.ts";

/** Authorities by their names. */
export function eachJwks(deps: VerificationDeps): SubjectWork {
  return {
    async subjects(_now, db = deps.database.db) {
      return (await readAuthoritiesWithJwks(db)).map(({ name }) => name);
    },
    async runFor(subject, now) {
      const authorities = await readAuthoritiesWithJwks(deps.database.db);
      const authority = authorities.find(({ name }) => name === subject);
      if (authority !== undefined) await refreshOrNote(deps, authority, now);
      return "done";
    },
  };
}

/** A failure without a code is our own, and rejects as well. */
async function refreshOrNote(deps: VerificationDeps, authority: Authority, now: UnixSeconds): Promise<void> {
  try {
    await refreshAuthority(deps, authority, now);
  } catch (error) {
    const code = codeOf(error);
    events.reportRefreshFailed(deps.report, authority, code ?? "unexpected", String(error));
    await noteJwksCheck(deps.database.db, authority, now, code ?? "unexpected");
    if (code === undefined) throw error;
  }
}
