// Ends the trust in one public key of a source, or gives it back.

import type { UnixSeconds } from "../../../core/clock.ts";
import { changeTrustedKey as changeTrust } from "../../upstreams/trusted-keys.ts";
import type { StoredTrustedKey } from "../../upstreams/upstream-types.ts";
import * as events from "../events.ts";
import type { ImportDeps } from "../import-types.ts";
import { reopenArchives, UNTRUSTED } from "../reopen-archives.ts";
import { lockSourceNamed } from "./change-queries.ts";
import { sourceUnknown } from "./find-source.ts";

/**
 * Where the key is trusted longer than before, what was refused for its signature is tried again. Throws
 * `source_unknown`, `trusted_key_unknown`.
 */
export async function changeTrustedKey(
  deps: ImportDeps,
  sourceName: string,
  trustedKeyId: number,
  until: UnixSeconds | null,
): Promise<StoredTrustedKey> {
  const now = deps.clock.now();
  const { source, trusted, reopened } = await deps.database.transaction(async (tx) => {
    const locked = await lockSourceNamed(tx, sourceName);
    if (locked === null) throw sourceUnknown(sourceName);
    const changed = await changeTrust(tx, locked.upstreamId, trustedKeyId, until, now);
    const filter = { states: ["quarantined", "retry"], reasons: UNTRUSTED } as const;
    return {
      source: locked,
      trusted: changed.trusted,
      reopened: changed.isProlonged ? await reopenArchives(tx, locked, filter, now) : [],
    };
  });
  events.reportTrustedKeyChanged(deps.report, source, trustedKeyId, until);
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "newly_trusted");
  return trusted;
}
