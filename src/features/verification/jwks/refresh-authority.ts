// Looks at the JWKS of one authority, and lets additions and withdrawals happen together or not at all (KS J4).

import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";
import type { Db } from "../../../platform/database/database.ts";
import * as events from "../events.ts";
import {
  insertAuthorityKey,
  lockAuthorities,
  noteJwksCheck,
  raiseRevision,
  readAuthority,
  readAuthorityKeys,
  updateAuthorityKey,
} from "../queries.ts";
import type { VerificationDeps } from "../verification-deps.ts";
import type { Authority, JwksErrorCode } from "../verification-types.ts";
import { planRefresh, type RefreshPlan } from "./plan-refresh.ts";
import { type IgnoredKey, type Jwks, readJwks } from "./read-jwks.ts";

const MAX_BYTES = 256 * 1_024;
const TIMEOUT_MILLISECONDS = 10_000;

/** Throws CodedError<JwksErrorCode | FetchErrorCode>; then nothing was changed. */
export async function refreshAuthority(deps: VerificationDeps, authority: Authority, now: UnixSeconds): Promise<void> {
  const { listed, ignored } = await fetchJwks(deps, authority);
  const plan = await deps.database.transaction(async (tx) => {
    await lockAuthorities(tx);
    if (await isOvertaken(tx, authority)) return null;
    const planned = planRefresh(await readAuthorityKeys(tx, authority.id), listed, now);
    if (planned.kind === "refuse") throw new CodedError<JwksErrorCode>(planned.code, SUSPICIOUS[planned.code]);
    await apply(tx, authority, planned, now);
    await noteJwksCheck(tx, authority, now, null);
    return planned;
  });
  if (plan === null) return events.reportOvertaken(deps.report, authority);
  reportPlan(deps, authority, plan, ignored);
}

const SUSPICIOUS = {
  jwks_empty: "it has no usable key",
  jwks_leaves_none: "after it the authority would have no valid key",
} as const;

async function fetchJwks({ fetcher }: VerificationDeps, authority: Authority): Promise<Jwks> {
  const fetched = await fetcher({
    url: authority.jwksUrl ?? "",
    maxBytes: MAX_BYTES,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    allowPrivateAddresses: authority.allowPrivateAddresses,
  });
  if (fetched.outcome === "ok") return readJwks(fetched.bytes);
  const status = fetched.outcome === "status" ? fetched.status : 304;
  throw new CodedError<JwksErrorCode>("jwks_unavailable", `it was answered with status ${status}`);
}

/** Whether what was fetched may be older than what is stored: two runs at once (KS J6), or another URL since. */
async function isOvertaken(tx: Db, { name, jwksChecks, jwksUrl }: Authority): Promise<boolean> {
  const today = await readAuthority(tx, name);
  return today?.jwksChecks !== jwksChecks || today.jwksUrl !== jwksUrl;
}

async function apply(
  tx: Db,
  { id }: Authority,
  { add, reopen, withdraw }: RefreshPlan,
  now: UnixSeconds,
): Promise<void> {
  if (add.length + reopen.length + withdraw.length === 0) return;
  // Ends first: two keys without end cannot have one version.
  for (const one of withdraw) {
    await updateAuthorityKey(tx, one.id, { ...one, until: now, untilSetBy: one.untilSetBy ?? "jwks" });
  }
  for (const one of reopen) await updateAuthorityKey(tx, one.id, { ...one, ...FROM_JWKS, from: now });
  for (const one of add) await insertAuthorityKey(tx, id, { ...one, ...FROM_JWKS, from: now });
  await raiseRevision(tx);
}

const FROM_JWKS = { origin: "jwks", until: null, untilSetBy: null } as const;

function reportPlan(
  { report, directory }: VerificationDeps,
  authority: Authority,
  { add, reopen, withdraw, ignored }: RefreshPlan,
  ignoredBefore: readonly IgnoredKey[],
): void {
  const counts = { added: add.length, reopened: reopen.length, withdrawn: withdraw.length };
  if (Object.values(counts).some((count) => count > 0)) {
    directory.noteChange();
    events.reportRefreshed(report, authority, counts);
  }
  const all = [...ignoredBefore, ...ignored];
  if (all.length > 0) events.reportIgnoredKeys(report, authority, all);
}
