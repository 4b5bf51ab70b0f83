// Who has a token.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { adminError } from "../../platform/http/admin/admin-error.ts";
import type { Principal } from "../../platform/http/admin/admin-guard.ts";
import { noteUse, readPrincipalOfToken } from "./queries.ts";
import { digestToken } from "./token.ts";

/** A use is written down at most this often. */
const USE_SECONDS = 300;

/** Throws `token_unknown`, `token_revoked` and `token_expired`. */
export async function authenticate(db: Db, token: string, now: UnixSeconds): Promise<Principal> {
  const found = await readPrincipalOfToken(db, digestToken(token));
  if (found === undefined) {
    throw adminError("token_unknown", "no principal has this token", {
      remedy: "Use the newest token of the principal, or have an administrator make a new one.",
    });
  }
  const { name, role, expiresAt, revokedAt, lastUsedAt } = found;
  if (revokedAt !== null) {
    throw adminError("token_revoked", `the principal ${name} was revoked`, {
      remedy: "Have an administrator make another principal.",
    });
  }
  if (expiresAt !== null && expiresAt <= now) {
    throw adminError("token_expired", `the token of ${name} has expired`, {
      remedy: "Have an administrator make a new token for this principal.",
    });
  }
  if (lastUsedAt === null || Math.abs(now - lastUsedAt) >= USE_SECONDS) await noteUse(db, name, now);
  return { name, role };
}
