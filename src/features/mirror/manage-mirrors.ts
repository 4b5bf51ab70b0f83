// Making, trusting for, and ending mirrors.

import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { MirrorDeps, MirrorErrorCode, MirrorSettings, MirrorTrustedKey } from "./mirror-types.ts";
import { insertMirror, insertTrustedKey, readMirror, setUntil } from "./queries.ts";

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
  if (settings.maxRecords < 1) throw invalid("an archive holds at least one key");
  const parsed = trustedKeys.map((trusted) => ({
    ...trusted,
    publicKeyPem: parsePublicKey(trusted.publicKeyPem, deps.archiveTools).pem,
  }));
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
  if (!(await readMirror(deps.database.db, name))) {
    throw new CodedError<MirrorErrorCode>("mirror_unknown", `there is no mirror "${name}"`);
  }
  await setUntil(deps.database.db, name, until);
}

function invalid(why: string): CodedError {
  return new CodedError<MirrorErrorCode>("mirror_settings_invalid", `the mirror is not possible: ${why}`);
}
