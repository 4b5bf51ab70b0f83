// Every authority that publishes its keys, some at a time; one's failure is noted and does not stop the others.

import type { UnixSeconds } from "../../../core/clock.ts";
import { codeOf } from "../../../core/coded-error.ts";
import * as events from "../events.ts";
import { noteJwksCheck, readAuthoritiesWithJwks } from "../queries.ts";
import type { VerificationDeps } from "../verification-deps.ts";
import type { Authority } from "../verification-types.ts";
import { refreshAuthority } from "./refresh-authority.ts";

/** As many as the reference server (KS 4.6). */
const AT_ONCE = 5;

export async function refreshJwks(deps: VerificationDeps, now: UnixSeconds): Promise<void> {
  const authorities = await readAuthoritiesWithJwks(deps.database.db);
  const waiting = authorities.values();
  const work = async () => {
    for (const authority of waiting) await refreshOrReport(deps, authority, now);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function refreshOrReport(deps: VerificationDeps, authority: Authority, now: UnixSeconds): Promise<void> {
  try {
    await refreshAuthority(deps, authority, now);
  } catch (error) {
    const code = codeOf(error) ?? "unexpected";
    events.reportRefreshFailed(deps.report, authority, code, String(error));
    await noteJwksCheck(deps.database.db, authority, now, code);
  }
}
