// Ends the trust in one public key or gives it back; named by its own id, not by names that several may share (KS 13.4 I17).

import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";
import type { Db } from "../../../platform/database/database.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportErrorCode } from "../import-types.ts";
import { reopenArchives, UNTRUSTED } from "../reopen-archives.ts";
import { lockSourceNamed, lockTrustedKey, writeTrust } from "./change-queries.ts";
import { sourceUnknown } from "./find-source.ts";
import type { StoredTrustedKey } from "./source-types.ts";

/**
 * From `until` on no archive is accepted on its word; null: it is trusted without an end. Where it is trusted longer than
 * before, what was refused for its signature is tried again. Throws `source_unknown`, `trusted_key_unknown`.
 */
export async function changeTrustedKey(
  deps: ImportDeps,
  sourceName: string,
  trustedKeyId: number,
  until: UnixSeconds | null,
): Promise<StoredTrustedKey> {
  const now = deps.clock.now();
  const {
    source,
    trusted: changed,
    reopened = [],
  } = await deps.database.transaction(async (tx) => {
    const locked = await lockSourceNamed(tx, sourceName);
    if (locked === null) throw sourceUnknown(sourceName);
    const before = await lockTrustedKey(tx, locked.id, trustedKeyId);
    if (before === null) {
      throw new CodedError<ImportErrorCode>(
        "trusted_key_unknown",
        `the source ${sourceName} has no trusted key ${trustedKeyId}`,
      );
    }
    if (!isLater(until, before.until)) return { source: locked, trusted: await write(tx, { ...before, until }) };
    // As if it were new: what is worked on now and refused in a moment is opened by the next run.
    const prolonged = await write(tx, { ...before, until, addedAt: now });
    const filter = { states: ["quarantined", "retry"], reasons: UNTRUSTED } as const;
    return { source: locked, trusted: prolonged, reopened: await reopenArchives(tx, locked, filter, now) };
  });
  events.reportTrustedKeyChanged(deps.report, source, trustedKeyId, until);
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "newly_trusted");
  return changed;
}

async function write(tx: Db, trusted: StoredTrustedKey): Promise<StoredTrustedKey> {
  await writeTrust(tx, trusted);
  return trusted;
}

function isLater(until: UnixSeconds | null, before: UnixSeconds | null): boolean {
  return before !== null && (until === null || until > before);
}
