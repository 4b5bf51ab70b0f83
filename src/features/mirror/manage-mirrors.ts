// Making, trusting for, and ending mirrors.

import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type {
  Mirror,
  MirrorDeps,
  MirrorErrorCode,
  MirrorSettings,
  MirrorTrustedKey,
  StoredTrustedKey,
} from "./mirror-types.ts";
import { endTrustedKey, insertMirror, insertTrustedKey, readMirror, readTrustedKeys, setUntil } from "./queries.ts";

/** Throws `mirror_settings_invalid`, `mirror_exists`, `public_key_invalid`. */
export async function createMirror(
  deps: MirrorDeps,
  settings: MirrorSettings,
  trustedKeys: readonly MirrorTrustedKey[],
): Promise<void> {
  for (const url of [settings.indexUrl, settings.baseUrl]) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) throw invalid(`"${url}" is no http or https URL`);
  }
  if (trustedKeys.length === 0) throw invalid("it trusts nobody, so it could verify nothing");
  if (!Number.isSafeInteger(settings.maxRecords) || settings.maxRecords < 1 || settings.maxRecords > MAX_ARCHIVE_KEYS) {
    throw invalid(`an archive holds between one key and ${MAX_ARCHIVE_KEYS}`);
  }
  if (settings.until !== null && settings.until <= settings.from) throw invalid("it would end before it begins");
  const parsed = trustedKeys.map((trusted) => normalise(deps, trusted));
  await deps.database.transaction(async (tx) => {
    const id = await insertMirror(tx, settings);
    if (id === null) {
      throw new CodedError<MirrorErrorCode>("mirror_exists", `there is a mirror "${settings.name}" already`);
    }
    for (const trusted of parsed) await insertTrustedKey(tx, id, trusted);
  });
}

/** From `until` on the mirror takes nothing more; what it published stays. Throws `mirror_unknown`. */
export async function endMirror(deps: MirrorDeps, name: string, until: UnixSeconds): Promise<void> {
  await requireMirror(deps, name);
  await setUntil(deps.database.db, name, until);
}

/**
 * Answers the id of the trusted key; several with the same names may stand side by side. A run that stopped for want of
 * it goes on with the next. Throws `mirror_unknown`, `public_key_invalid`.
 */
export async function addTrustedKey(deps: MirrorDeps, name: string, trusted: MirrorTrustedKey): Promise<number> {
  const mirror = await requireMirror(deps, name);
  return insertTrustedKey(deps.database.db, mirror.id, normalise(deps, trusted));
}

/** Whom the mirror trusts, or did. Throws `mirror_unknown`. */
export async function listTrustedKeys(deps: MirrorDeps, name: string): Promise<StoredTrustedKey[]> {
  return readTrustedKeys(deps.database.db, (await requireMirror(deps, name)).id);
}

/** From `until` on no archive is handed over on its word. Throws `trusted_key_unknown`. */
export async function retireTrustedKey(deps: MirrorDeps, trustedKeyId: number, until: UnixSeconds): Promise<void> {
  if (await endTrustedKey(deps.database.db, trustedKeyId, until)) return;
  throw new CodedError<MirrorErrorCode>("trusted_key_unknown", `there is no trusted key ${trustedKeyId}`);
}

async function requireMirror(deps: MirrorDeps, name: string): Promise<Mirror> {
  const mirror = await readMirror(deps.database.db, name);
  if (mirror) return mirror;
  throw new CodedError<MirrorErrorCode>("mirror_unknown", `there is no mirror "${name}"`);
}

function normalise(deps: MirrorDeps, trusted: MirrorTrustedKey): MirrorTrustedKey {
  return { ...trusted, publicKeyPem: parsePublicKey(trusted.publicKeyPem, deps.archiveTools).pem };
}

function invalid(why: string): CodedError {
  return new CodedError<MirrorErrorCode>("mirror_settings_invalid", `the mirror is not possible: ${why}`);
}
