// Making and revoking principals, and giving them new tokens.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Random } from "../../core/random.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import {
  type AdministrationErrorCode,
  type NewPrincipal,
  PRINCIPAL_NAME,
  type PrincipalRecord,
} from "./administration-types.ts";
import { insertPrincipal, lockAdministrators, markRevoked, readPrincipal, replaceToken } from "./queries.ts";
import { createToken, digestToken } from "./token.ts";

/** A principal with its token, which nobody can be shown again. */
export interface PrincipalWithToken {
  readonly principal: PrincipalRecord;
  readonly token: string;
}

export interface PrincipalDeps {
  readonly database: Database;
  readonly random: Random;
}

/** Throws `principal_exists`, also for the name of a revoked one, and `principal_invalid` for its name or an expiry that is over. */
export async function createPrincipal(
  { database, random }: PrincipalDeps,
  wanted: NewPrincipal,
  now: UnixSeconds,
): Promise<PrincipalWithToken> {
  if (!PRINCIPAL_NAME.test(wanted.name)) {
    const remedy = "Use letters, digits, dots, dashes and underscores, a letter or digit first, at most 100.";
    throw failure("principal_invalid", "no principal can have this name", remedy);
  }
  requireFuture(wanted.expiresAt, now);
  const token = createToken(random);
  return database.transaction(async (tx) => {
    if (!(await insertPrincipal(tx, wanted, digestToken(token), now))) {
      throw failure("principal_exists", `there is or was a principal "${wanted.name}"`, "Choose another name.");
    }
    return { principal: await findPrincipal(tx, wanted.name), token };
  });
}

/** The token that the principal had so far ends. Throws `principal_unknown`, `principal_revoked`, `principal_invalid`. */
export async function renewToken(
  { database, random }: PrincipalDeps,
  name: string,
  expiresAt: UnixSeconds | null,
  now: UnixSeconds,
): Promise<PrincipalWithToken> {
  requireFuture(expiresAt, now);
  const token = createToken(random);
  return database.transaction(async (tx) => {
    requireUnrevoked(await findPrincipal(tx, name));
    await replaceToken(tx, name, digestToken(token), expiresAt);
    return { principal: await findPrincipal(tx, name), token };
  });
}

/** For ever. Throws `principal_unknown`, `principal_revoked`, and `administrator_needed` for the last one. */
export async function revokePrincipal(database: Database, name: string, now: UnixSeconds): Promise<PrincipalRecord> {
  return database.transaction(async (tx) => {
    // Locked before it is read, so that two administrators cannot revoke each other at once.
    const administrators = await lockAdministrators(tx, now);
    requireUnrevoked(await findPrincipal(tx, name));
    if (administrators.length === 1 && administrators[0] === name) {
      const remedy = "Make another administrator first.";
      throw failure("administrator_needed", `"${name}" is the only administrator who can act`, remedy);
    }
    await markRevoked(tx, name, now);
    return findPrincipal(tx, name);
  });
}

/** Throws `principal_unknown`. */
export async function findPrincipal(db: Db, name: string): Promise<PrincipalRecord> {
  const found = await readPrincipal(db, name);
  if (found !== undefined) return found;
  throw failure("principal_unknown", `there is no principal "${name}"`);
}

function requireUnrevoked({ name, revokedAt }: PrincipalRecord): void {
  if (revokedAt === null) return;
  throw failure("principal_revoked", `the principal "${name}" was revoked`, "Make a principal with another name.");
}

function requireFuture(expiresAt: UnixSeconds | null, now: UnixSeconds): void {
  if (expiresAt === null || expiresAt > now) return;
  throw failure("principal_invalid", "the token would have expired already", "Give an expiry in the future, or none.");
}

function failure(code: AdministrationErrorCode, message: string, remedy?: string): CodedError<AdministrationErrorCode> {
  return new CodedError(code, message, remedy === undefined ? {} : { remedy });
}
