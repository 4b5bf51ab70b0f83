// Making, changing and finding health authorities.

import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import { type ChangeDeps, changeAuthorities } from "./change-authorities.ts";
import { insertAuthority, readAuthority, readNameOfIssuer, updateAuthority } from "./queries.ts";
import type { Authority, AuthorityErrorCode, AuthoritySettings } from "./verification-types.ts";

/** Throws `authority_invalid`, `authority_exists`, `authority_issuer_exists`. */
export async function createAuthority(deps: ChangeDeps, settings: AuthoritySettings): Promise<Authority> {
  requireUsable(settings);
  return changeAuthorities(deps, async (tx) => {
    if ((await readAuthority(tx, settings.name)) !== undefined) {
      throw failure("authority_exists", `there is an authority "${settings.name}" already`);
    }
    await requireFreeIssuer(tx, settings);
    await insertAuthority(tx, settings);
    return findAuthority(tx, settings.name);
  });
}

/** What is absent stays as it is. Throws `authority_unknown`, `authority_invalid`, `authority_issuer_exists`. */
export async function changeAuthority(
  deps: ChangeDeps,
  name: string,
  changes: Partial<Omit<AuthoritySettings, "name">>,
): Promise<Authority> {
  return changeAuthorities(deps, async (tx) => {
    const authority = await findAuthority(tx, name);
    const changed = { ...authority, ...changes };
    requireUsable(changed);
    await requireFreeIssuer(tx, changed);
    await updateAuthority(tx, authority.id, changed);
    return findAuthority(tx, name);
  });
}

/** Throws `authority_unknown`. */
export async function findAuthority(db: Db, name: string): Promise<Authority> {
  const found = await readAuthority(db, name);
  if (found !== undefined) return found;
  throw failure("authority_unknown", `there is no authority "${name}"`);
}

async function requireFreeIssuer(tx: Db, { name, iss }: AuthoritySettings): Promise<void> {
  const owner = await readNameOfIssuer(tx, iss);
  if (owner === undefined || owner === name) return;
  throw failure("authority_issuer_exists", `"${owner}" has the issuer "${iss}" already`, "An issuer is one authority.");
}

/** Keys that came over plain http could be anybody's. */
function requireUsable({ jwksUrl, allowPrivateAddresses }: AuthoritySettings): void {
  if (jwksUrl === null) return;
  const url = URL.parse(jwksUrl);
  const isAllowed = url?.protocol === "https:" || (url?.protocol === "http:" && allowPrivateAddresses);
  if (url !== null && isAllowed && url.username === "" && url.password === "") return;
  throw failure(
    "authority_invalid",
    "the URL of the JWKS is none that keys may be fetched from",
    "Give an https URL without credentials; plain http only with allowPrivateAddresses.",
  );
}

function failure(code: AuthorityErrorCode, message: string, remedy?: string): CodedError<AuthorityErrorCode> {
  return new CodedError(code, message, remedy === undefined ? {} : { remedy });
}
