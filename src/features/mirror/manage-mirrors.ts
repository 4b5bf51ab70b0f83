// Making, changing and ending mirrors.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { hideQuery, unhideQuery } from "../../platform/http/hidden-query.ts";
import { lockMirror, updateMirror } from "./change-queries.ts";
import { checkMirror, impossible } from "./check-mirror.ts";
import { normaliseTrust } from "./manage-trusted-keys.ts";
import type { MirrorDeps, MirrorErrorCode, MirrorSettings, MirrorTrustedKey } from "./mirror-types.ts";
import { insertMirror, insertTrustedKey } from "./queries.ts";
import { mirrorUnknown } from "./require-mirror.ts";

/** Throws `mirror_settings_invalid`, `mirror_exists`, `public_key_invalid`. */
export async function createMirror(
  deps: Pick<MirrorDeps, "database" | "archiveTools">,
  wanted: MirrorSettings,
  trustedKeys: readonly MirrorTrustedKey[],
): Promise<void> {
  const settings = checkMirror(wanted);
  if (trustedKeys.length === 0) throw impossible("it trusts nobody, so it could verify nothing");
  const parsed = trustedKeys.map((trusted) => normaliseTrust(deps, trusted));
  await deps.database.transaction(async (tx) => {
    const id = await insertMirror(tx, settings);
    if (id === null) {
      throw new CodedError<MirrorErrorCode>("mirror_exists", `there is a mirror "${settings.name}" already`);
    }
    for (const trusted of parsed) await insertTrustedKey(tx, id, trusted);
  });
}

/** What is left out stays. Location and method cannot change: what was handed over stands there, made so. */
export type MirrorChange = Partial<
  Pick<MirrorSettings, "indexUrl" | "baseUrl" | "allowPrivateAddresses" | "maxRecords" | "until">
>;

/**
 * At a new place the mirror goes on with whatever is listed there that it has not taken; a place that does not list what
 * was taken from the old one is not believed. A run that began before may use the old place to its end. Throws
 * `mirror_unknown`, `mirror_settings_invalid`.
 */
export async function changeMirror(
  deps: Pick<MirrorDeps, "database">,
  name: string,
  change: MirrorChange,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const before = await lockMirror(tx, name);
    if (before === undefined) throw mirrorUnknown(name);
    const { indexUrl = hideQuery(before.indexUrl), baseUrl = hideQuery(before.baseUrl), ...others } = change;
    const urls = {
      indexUrl: unhideQuery(indexUrl, before.indexUrl),
      baseUrl: unhideQuery(baseUrl, before.baseUrl),
    };
    await updateMirror(tx, before.id, checkMirror({ ...before, ...others, ...urls }));
  });
}

/** From `until` on the mirror takes nothing more; what it published stays. Throws as `changeMirror`. */
export function endMirror(deps: Pick<MirrorDeps, "database">, name: string, until: UnixSeconds): Promise<void> {
  return changeMirror(deps, name, { until });
}
