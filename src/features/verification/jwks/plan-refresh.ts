// What an answer to a request for a JWKS changes: a pure decision over the keys that are stored.

import type { UnixSeconds } from "../../../core/clock.ts";
import { type AuthorityKey, isOpen, isValid, type JwksErrorCode } from "../verification-types.ts";
import type { IgnoredKey, ListedKey } from "./read-jwks.ts";

export interface RefreshPlan {
  readonly kind: "apply";
  /** New ones, from now on. */
  readonly add: readonly ListedKey[];
  /** Withdrawn ones that are listed again, from now on. */
  readonly reopen: readonly AuthorityKey[];
  /** Not listed any more, or another key has their version: they end now. */
  readonly withdraw: readonly AuthorityKey[];
  readonly ignored: readonly IgnoredKey[];
}

/** Nothing is changed. */
export interface RefusedRefresh {
  readonly kind: "refuse";
  readonly code: Extract<JwksErrorCode, "jwks_empty" | "jwks_leaves_none">;
}

/**
 * Keys that an operator entered are left alone (KS J7), and what an operator revoked is not taken again, under whatever
 * version. What has ended already does not end again (KS J2). An answer without usable keys, or one after which none
 * would be valid that was before, is refused whole (KS J1).
 */
export function planRefresh(
  stored: readonly AuthorityKey[],
  listed: readonly ListedKey[],
  now: UnixSeconds,
): RefreshPlan | RefusedRefresh {
  if (listed.length === 0) return { kind: "refuse", code: "jwks_empty" };
  const isListed = ({ version, publicKeyPem }: AuthorityKey) =>
    listed.some((one) => one.version === version && one.publicKeyPem === publicKeyPem);
  const open = stored.filter((one) => isOpen(one, now));
  const withdraw = open.filter((one) => one.origin === "jwks" && !isListed(one));
  const add: ListedKey[] = [];
  const reopen: AuthorityKey[] = [];
  const ignored: IgnoredKey[] = [];

  for (const { version, publicKeyPem } of listed) {
    const holder = open.find((one) => one.version === version && !withdraw.includes(one));
    if (holder?.publicKeyPem === publicKeyPem) continue;
    const withdrawn = stored.find((one) => one.version === version && one.publicKeyPem === publicKeyPem);
    if (holder !== undefined) ignored.push({ version, reason: "jwk_entered_by_hand" });
    else if (isRevokedByOperator(stored, publicKeyPem, now))
      ignored.push({ version, reason: "jwk_revoked_by_operator" });
    else if (withdrawn !== undefined) reopen.push(withdrawn);
    else add.push({ version, publicKeyPem });
  }

  const before = open.filter((one) => isValid(one, now));
  const isOneLeft = before.some((one) => !withdraw.includes(one)) || add.length + reopen.length > 0;
  if (before.length > 0 && !isOneLeft) return { kind: "refuse", code: "jwks_leaves_none" };
  return { kind: "apply", add, reopen, withdraw, ignored };
}

function isRevokedByOperator(stored: readonly AuthorityKey[], publicKeyPem: string, now: UnixSeconds): boolean {
  return stored.some((one) => one.publicKeyPem === publicKeyPem && one.untilSetBy === "operator" && !isOpen(one, now));
}
