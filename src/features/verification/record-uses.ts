// How often a certificate may be used: for the same exposure keys only, until it expires, and no more than so many times.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Statement } from "../../platform/database/statement.ts";
import { addUses, addUsesOrFail, type CountedUse } from "./certificate-use-queries.ts";
import type { VerificationDeps } from "./verification-deps.ts";
import type { VerifiedCertificate } from "./verification-types.ts";

type Used = Pick<VerifiedCertificate, "digest" | "expiresAt">;

/**
 * Counts one use of each certificate inside the transaction that stores their uploads, in one statement, and answers the
 * digests of those that are used up: their uploads are to be refused, and are not counted. Any number of uploads may
 * share the transaction; those under one certificate are judged together.
 */
export async function recordUses(
  { settings }: Pick<VerificationDeps, "settings">,
  tx: Db,
  certificates: readonly Used[],
): Promise<ReadonlySet<string>> {
  const most = settings.certificateMaxUses;
  if (most === null || certificates.length === 0) return new Set();
  const uses = sumUses(certificates);
  const possible = uses.filter(({ count }) => count <= most);
  const counted = possible.length === 0 ? [] : await addUses(tx, possible, most);
  return new Set(uses.map(({ digest }) => digest)).difference(new Set(counted));
}

/**
 * The same as statements, for a transaction that bets on it that none is used up: where one is, they fail, and it with
 * them. null: one is used up in any case.
 */
export function countingUses(
  { settings }: Pick<VerificationDeps, "settings">,
  certificates: readonly Used[],
): Statement[] | null {
  const most = settings.certificateMaxUses;
  if (most === null || certificates.length === 0) return [];
  const uses = sumUses(certificates);
  return uses.some(({ count }) => count > most) ? null : [addUsesOrFail(uses, most)];
}

/** Each digest once. */
function sumUses(certificates: readonly Used[]): CountedUse[] {
  const byDigest = new Map<string, { digest: string; count: number; expiresAt: UnixSeconds }>();
  for (const { digest, expiresAt } of certificates) {
    byDigest.getOrInsertComputed(digest, () => ({ digest, count: 0, expiresAt })).count++;
  }
  return [...byDigest.values()];
}
