// Making, changing and ending mirrors.

import { STRICT_PROFILE } from "../../archive/archive-types.ts";
import { DEFAULT_LISTING_FORMAT } from "../../archive/listing/listing-reader.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import { changedAddress } from "../upstreams/check-address.ts";
import { forgetValidators, updateUpstream } from "../upstreams/queries.ts";
import { addTrustedKey } from "../upstreams/trusted-keys.ts";
import type { TrustedKeyFacts } from "../upstreams/upstream-types.ts";
import { lockMirror, updateMirror } from "./change-queries.ts";
import { checkMirror, impossible } from "./check-mirror.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode, MirrorSettings, NewMirror } from "./mirror-types.ts";
import { insertMirror, readMirrors } from "./queries.ts";
import { mirrorUnknown } from "./require-mirror.ts";

/** Throws `mirror_settings_invalid`, `mirror_exists`, `public_key_invalid`. */
export async function createMirror(
  deps: Pick<MirrorDeps, "database" | "archiveTools" | "clock">,
  wanted: NewMirror,
  trustedKeys: readonly TrustedKeyFacts[],
): Promise<void> {
  const settings = checkMirror({ listingFormat: DEFAULT_LISTING_FORMAT, ...STRICT_PROFILE, ...wanted });
  if (trustedKeys.length === 0) throw impossible("it trusts nobody, so it could verify nothing");
  await deps.database.transaction(async (tx) => {
    await requireOnlyOne(tx, settings);
    const upstreamId = await insertMirror(tx, settings);
    if (upstreamId === null) {
      throw new CodedError<MirrorErrorCode>("mirror_exists", `there is a mirror "${settings.name}" already`);
    }
    for (const trusted of trustedKeys) {
      await addTrustedKey(tx, deps.archiveTools, upstreamId, trusted, deps.clock.now());
    }
  });
}

/** Two that take the same archives to one place would each wait for what the other has published there. */
async function requireOnlyOne(tx: Db, { name, location, indexUrl }: MirrorSettings): Promise<void> {
  const isSame = (other: Mirror) =>
    other.name !== name &&
    other.location === location &&
    other.endedAt === null &&
    new URL(other.indexUrl).href === new URL(indexUrl).href;
  const other = (await readMirrors(tx)).find(isSame);
  if (other === undefined) return;
  throw new CodedError<MirrorErrorCode>(
    "mirror_doubled",
    `the mirror "${other.name}" feeds "${location}" from the same index already`,
    { remedy: `Change that one, or end it first: enks mirror end ${other.name}` },
  );
}

/** What is left out stays. Location and method cannot change: what was handed over stands there, made so. */
export type MirrorChange = Partial<
  Pick<
    MirrorSettings,
    | "indexUrl"
    | "baseUrl"
    | "allowPrivateAddresses"
    | "otherEntries"
    | "batchParts"
    | "onsetCodes"
    | "maxRecords"
    | "until"
  >
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
    const after = checkMirror({ ...before, ...change, ...changedAddress(before, change) });
    if (after.indexUrl !== before.indexUrl) await requireOnlyOne(tx, after);
    await updateMirror(tx, after);
    await updateUpstream(tx, after);
    if (after.indexUrl !== before.indexUrl) await forgetValidators(tx, after.upstreamId);
  });
}

/**
 * Ends a mirror now, or right after it begins if that is later; what it published stays. One that has come to its end
 * keeps it. Throws `mirror_unknown`.
 */
export async function endMirrorNow(deps: Pick<MirrorDeps, "database">, name: string, now: UnixSeconds): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const before = await lockMirror(tx, name);
    if (before === undefined) throw mirrorUnknown(name);
    const until = Math.max(now, before.from + 1);
    if (before.until === null || before.until > until) await updateUpstream(tx, { ...before, until });
  });
}

/** From `until` on the mirror takes nothing more; what it published stays. Throws as `changeMirror`. */
export function endMirror(deps: Pick<MirrorDeps, "database">, name: string, until: UnixSeconds): Promise<void> {
  return changeMirror(deps, name, { until });
}
