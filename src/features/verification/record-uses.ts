// How often a certificate may be used: for the same exposure keys only, until it expires, and no more than so many times.

import type { Db } from "../../platform/database/database.ts";
import { addUses, type CountedUse } from "./certificate-use-queries.ts";
import type { VerificationDeps } from "./verification-deps.ts";
import type { VerifiedCertificate } from "./verification-types.ts";

/**
 * Counts one use of each certificate inside the transaction that stores their uploads, in one statement, and answers the
 * digests of those that are used up: their uploads are to be refused, and are not counted. Any number of uploads may
 * share the transaction; those under one certificate are judged together.
 */
export async function recordUses(
  { settings }: Pick<VerificationDeps, "settings">,
  tx: Db,
  certificates: readonly Pick<VerifiedCertificate, "digest" | "expiresAt">[],
): Promise<ReadonlySet<string>> {
  const most = settings.certificateMaxUses;
  if (most === null || certificates.length === 0) return new Set();
  const byDigest = Map.groupBy(certificates, ({ digest }) => digest);
  const uses: CountedUse[] = [];
  for (const [digest, [first, ...more]] of byDigest) {
    if (first !== undefined && more.length < most) {
      uses.push({ digest, count: more.length + 1, expiresAt: first.expiresAt });
    }
  }
  const counted = uses.length === 0 ? [] : await addUses(tx, uses, most);
  return new Set(byDigest.keys()).difference(new Set(counted));
}
