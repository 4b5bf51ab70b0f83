// The keys of an authority as operators enter, revoke and reinstate them.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import { type ChangeDeps, changeAuthorities } from "./change-authorities.ts";
import { findAuthority } from "./manage-authorities.ts";
import { parseAuthorityKey } from "./parse-authority-key.ts";
import { insertAuthorityKey, readAuthorityKeys, updateAuthorityKey } from "./queries.ts";
import { type AuthorityErrorCode, type AuthorityKey, isOpen } from "./verification-types.ts";

export interface EnteredKey {
  readonly version: string;
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

/**
 * Trusts a key. Another one may have had its version before, if that has ended by then; the same one is opened again, and
 * belongs to the operator from now on. Throws `authority_unknown`, `authority_key_exists`, `authority_key_invalid`,
 * `public_key_invalid`.
 */
export async function addAuthorityKey(deps: ChangeDeps, name: string, entered: EnteredKey): Promise<AuthorityKey> {
  const { version, from, until } = entered;
  if (until !== null && until <= from) throw failure("authority_key_invalid", "it would end before it begins");
  const publicKeyPem = parseAuthorityKey(entered.publicKeyPem, deps.archiveTools);
  return changeAuthorities(deps, async (tx) => {
    const { id: authorityId } = await findAuthority(tx, name);
    const ofVersion = (await readAuthorityKeys(tx, authorityId)).filter((one) => one.version === version);
    if (ofVersion.some((one) => one.until === null || one.until > from)) {
      const remedy = "Revoke that one first, or choose another version.";
      throw failure("authority_key_exists", `"${name}" has a key "${version}" at that time`, remedy);
    }
    const values = { origin: "manual", from, until, untilSetBy: until === null ? null : "operator" } as const;
    const same = ofVersion.find((one) => one.publicKeyPem === publicKeyPem);
    if (same !== undefined) await updateAuthorityKey(tx, same.id, values);
    else await insertAuthorityKey(tx, authorityId, { ...values, version, publicKeyPem });
    return findLatest(tx, authorityId, name, version);
  });
}

/**
 * Ends a version at `until`: its latest key, and any that would be valid for longer. With null the latest is opened again.
 * What an operator has ended no JWKS opens; what a JWKS has withdrawn and an operator opens belongs to the operator. Throws
 * `authority_unknown`, `authority_key_unknown`.
 */
export async function endAuthorityKey(
  deps: ChangeDeps,
  name: string,
  version: string,
  until: UnixSeconds | null,
): Promise<AuthorityKey> {
  return changeAuthorities(deps, async (tx) => {
    const { id: authorityId } = await findAuthority(tx, name);
    const latest = await findLatest(tx, authorityId, name, version);
    const untilSetBy = until === null ? null : "operator";
    for (const one of await readAuthorityKeys(tx, authorityId)) {
      const isLonger = until !== null && one.version === version && isOpen(one, until);
      if (isLonger && one.id !== latest.id) await updateAuthorityKey(tx, one.id, { ...one, until, untilSetBy });
    }
    const origin = latest.untilSetBy === "jwks" ? "manual" : latest.origin;
    const changed = { ...latest, origin, until, untilSetBy } as const;
    await updateAuthorityKey(tx, latest.id, changed);
    return changed;
  });
}

async function findLatest(tx: Db, authorityId: number, name: string, version: string): Promise<AuthorityKey> {
  const latest = (await readAuthorityKeys(tx, authorityId)).findLast((one) => one.version === version);
  if (latest !== undefined) return latest;
  throw failure("authority_key_unknown", `"${name}" has no key "${version}"`);
}

function failure(code: AuthorityErrorCode, message: string, remedy?: string): CodedError<AuthorityErrorCode> {
  return new CodedError(code, message, remedy === undefined ? {} : { remedy });
}
