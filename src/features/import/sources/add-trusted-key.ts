// Adds a public key whose signatures are believed on archives of a source.

import { addTrustedKey as trust } from "../../upstreams/trusted-keys.ts";
import type { StoredTrustedKey, TrustedKeyFacts } from "../../upstreams/upstream-types.ts";
import * as events from "../events.ts";
import type { ImportDeps } from "../import-types.ts";
import { findSource } from "./find-source.ts";

export interface NewTrustedKey extends Omit<TrustedKeyFacts, "from" | "until"> {
  /** By default from the beginning of time: it is for archives that exist already. */
  readonly from?: number;
  /** By default never. */
  readonly until?: number | null;
}

/**
 * Several with the same names may be there side by side. What was quarantined for want of it is tried again in the next
 * run. Throws `source_unknown`, and `public_key_invalid` (KS 13.4 I18).
 */
export async function addTrustedKey(
  deps: ImportDeps,
  sourceName: string,
  { from = 0, until = null, ...added }: NewTrustedKey,
): Promise<StoredTrustedKey> {
  const { db } = deps.database;
  const source = await findSource(db, sourceName);
  const facts = { ...added, from, until };
  const trusted = await trust(db, deps.archiveTools, source.upstreamId, facts, deps.clock.now());
  events.reportTrustedKeyAdded(deps.report, source, added.keyId, added.keyVersion);
  return trusted;
}
