// Whom a mirror trusts, and until when.

import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { changeTrustedUntil } from "./change-queries.ts";
import type { MirrorDeps, MirrorErrorCode, MirrorTrustedKey, StoredTrustedKey } from "./mirror-types.ts";
import { insertTrustedKey, readTrustedKeys } from "./queries.ts";
import { requireMirror } from "./require-mirror.ts";

/**
 * Several with the same names may stand side by side. A run that stopped for want of it goes on with the next. Throws
 * `mirror_unknown`, `public_key_invalid`.
 */
export async function addTrustedKey(
  deps: Pick<MirrorDeps, "database" | "archiveTools">,
  name: string,
  added: MirrorTrustedKey,
): Promise<StoredTrustedKey> {
  const mirror = await requireMirror(deps.database.db, name);
  const trusted = normaliseTrust(deps, added);
  return { id: await insertTrustedKey(deps.database.db, mirror.id, trusted), ...trusted };
}

/** Whom the mirror trusts, or did. Throws `mirror_unknown`. */
export async function listTrustedKeys({ database: { db } }: MirrorDeps, name: string): Promise<StoredTrustedKey[]> {
  return readTrustedKeys(db, (await requireMirror(db, name)).id);
}

/**
 * From `until` on no archive is handed over on its word; null: it is trusted without an end. Throws `mirror_unknown`,
 * `trusted_key_unknown`.
 */
export async function changeTrustedKey(
  { database: { db } }: Pick<MirrorDeps, "database">,
  name: string,
  id: number,
  until: UnixSeconds | null,
): Promise<StoredTrustedKey> {
  const changed = await changeTrustedUntil(db, (await requireMirror(db, name)).id, id, until);
  if (changed !== undefined) return changed;
  throw new CodedError<MirrorErrorCode>("trusted_key_unknown", `the mirror "${name}" has no trusted key ${id}`);
}

/** Throws `public_key_invalid`. */
export function normaliseTrust(deps: Pick<MirrorDeps, "archiveTools">, trusted: MirrorTrustedKey): MirrorTrustedKey {
  return { ...trusted, publicKeyPem: parsePublicKey(trusted.publicKeyPem, deps.archiveTools).pem };
}
