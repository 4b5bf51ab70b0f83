// Adds a public key whose signatures are believed on archives of a source.

import { parsePublicKey } from "../../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import * as events from "../events.ts";
import type { ImportDeps } from "../import-types.ts";
import { findSource } from "./find-source.ts";
import { insertTrustedKey } from "./queries.ts";
import type { StoredTrustedKey } from "./source-types.ts";

export interface NewTrustedKey {
  readonly keyId: string;
  readonly keyVersion: string;
  /** SubjectPublicKeyInfo on P-256. */
  readonly publicKeyPem: string;
  /** By default from the beginning of time: it is for archives that exist already. */
  readonly from?: UnixSeconds;
  /** By default never. */
  readonly until?: UnixSeconds | null;
}

/**
 * Several with the same names may stand side by side. What was quarantined for want
 * of it is tried again in the next run. Throws `source_unknown`, and `public_key_invalid` (KS 13.4 I18).
 */
export async function addTrustedKey(
  deps: ImportDeps,
  sourceName: string,
  added: NewTrustedKey,
): Promise<StoredTrustedKey> {
  const { pem } = parsePublicKey(added.publicKeyPem, deps.archiveTools);
  const source = await findSource(deps.database.db, sourceName);
  const { keyId, keyVersion, from = 0, until = null } = added;
  const trusted = { keyId, keyVersion, publicKeyPem: pem, from, until, addedAt: deps.clock.now() };
  const id = await insertTrustedKey(deps.database.db, source.id, trusted);
  events.reportTrustedKeyAdded(deps.report, source, keyId, keyVersion);
  return { id, ...trusted };
}
