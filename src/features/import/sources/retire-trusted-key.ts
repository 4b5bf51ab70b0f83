// Ends the trust in one public key, named by its own id and not by names that several may share (KS 13.4 I17).

import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportErrorCode } from "../import-types.ts";
import { endTrustedKey } from "./queries.ts";

/** From `until` on (by default now) no archive is accepted on its word. Throws `trusted_key_unknown`. */
export async function retireTrustedKey(deps: ImportDeps, trustedKeyId: number, until?: UnixSeconds): Promise<void> {
  const endsAt = until ?? deps.clock.now();
  if (!(await endTrustedKey(deps.database.db, trustedKeyId, endsAt))) {
    throw new CodedError<ImportErrorCode>("trusted_key_unknown", `there is no trusted key ${trustedKeyId}`);
  }
  events.reportTrustedKeyRetired(deps.report, trustedKeyId, endsAt);
}
