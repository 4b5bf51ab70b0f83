// Whom we trust on the archives of a server that is followed, and until when.

import type { ArchiveTools, TrustedKey } from "../../archive/archive-types.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Report } from "../../platform/observe/report.ts";
import { insertTrustedKey, lockTrustedKey, readTrusted, writeTrust } from "./trust-queries.ts";
import type { StoredTrustedKey, TrustedKeyFacts, UpstreamErrorCode } from "./upstream-types.ts";

/**
 * Several public keys may have the same id and version, and one public key several of them, as servers name it in
 * different ways; but not the same twice. Throws `public_key_invalid` (KS 13.4 I18), `trusted_key_exists`.
 */
export async function addTrustedKey(
  tx: Db,
  archiveTools: ArchiveTools,
  upstreamId: number,
  added: TrustedKeyFacts,
  now: UnixSeconds,
): Promise<StoredTrustedKey> {
  const { pem } = parsePublicKey(added.publicKeyPem, archiveTools);
  const trusted = { ...added, publicKeyPem: pem, addedAt: now };
  await requireOnlyOne(tx, upstreamId, trusted, null, now);
  return { id: await insertTrustedKey(tx, upstreamId, trusted), ...trusted };
}

/** Besides the one of this id. One whose time is over does not count. */
async function requireOnlyOne(
  tx: Db,
  upstreamId: number,
  { keyId, keyVersion, publicKeyPem }: Omit<StoredTrustedKey, "id">,
  id: number | null,
  now: UnixSeconds,
): Promise<void> {
  const twin = (await readSame(tx, upstreamId, publicKeyPem)).find(
    (one) =>
      one.id !== id && one.keyId === keyId && one.keyVersion === keyVersion && (one.until === null || one.until > now),
  );
  if (twin === undefined) return;
  throw new CodedError<UpstreamErrorCode>(
    "trusted_key_exists",
    `the same public key is trusted already, as number ${twin.id}: ${JSON.stringify([keyId, keyVersion])}`,
    { remedy: "End the trust in that one first." },
  );
}

/** Every trust in one public key, whatever names it has. */
async function readSame(tx: Db, upstreamId: number, pem: string): Promise<readonly StoredTrustedKey[]> {
  const all = (await readTrusted(tx, [upstreamId])).get(upstreamId) ?? [];
  return all.filter(({ publicKeyPem }) => publicKeyPem === pem);
}

export interface ChangedTrust {
  readonly trusted: StoredTrustedKey;
  /** Whether it is trusted longer than before: what was refused for its signature gets another chance. */
  readonly isProlonged: boolean;
}

/**
 * From `until` on no archive is accepted on the word of the public key, whatever its id and version: one that was stolen
 * is distrusted under every name. It is named by its own number, since several may share a name (KS 13.4 I17). null: it
 * is trusted without an end, under this name. Throws `trusted_key_unknown`, `trusted_key_exists`.
 */
export async function changeTrustedKey(
  tx: Db,
  upstreamId: number,
  id: number,
  until: UnixSeconds | null,
  now: UnixSeconds,
): Promise<ChangedTrust> {
  const before = await lockTrustedKey(tx, upstreamId, id);
  if (before === null) {
    throw new CodedError<UpstreamErrorCode>("trusted_key_unknown", `no trusted key has the number ${id}`);
  }
  if (until === null || until > now) await requireOnlyOne(tx, upstreamId, before, id, now);
  const isProlonged = before.until !== null && (until === null || until > before.until);
  // As if it were new: what is judged right now and refused in a moment is opened by the next run.
  const trusted = { ...before, until, addedAt: isProlonged ? now : before.addedAt };
  await writeTrust(tx, trusted);
  if (until !== null && !isProlonged) await endOtherNames(tx, upstreamId, trusted, until);
  return { trusted, isProlonged };
}

async function endOtherNames(
  tx: Db,
  upstreamId: number,
  { id, publicKeyPem }: StoredTrustedKey,
  until: UnixSeconds,
): Promise<void> {
  for (const other of await readSame(tx, upstreamId, publicKeyPem)) {
    const lasts = other.until === null || other.until > until;
    if (other.id !== id && lasts) await writeTrust(tx, { ...other, until });
  }
}

/** All of them in the form in which archives are opened; one that cannot be parsed any more does not harm the others. */
export async function readTrustedKeys(
  deps: { readonly archiveTools: ArchiveTools; readonly report: Report },
  db: Db,
  upstreamId: number,
): Promise<TrustedKey[]> {
  const trustedKeys: TrustedKey[] = [];
  for (const { id, publicKeyPem, addedAt: _, ...trust } of (await readTrusted(db, [upstreamId])).get(upstreamId) ??
    []) {
    try {
      trustedKeys.push({ ...trust, publicKey: parsePublicKey(publicKeyPem, deps.archiveTools) });
    } catch {
      deps.report({ event: "upstream.trusted-key-unusable", level: "error", upstreamId, trustedKeyId: id });
    }
  }
  return trustedKeys;
}
