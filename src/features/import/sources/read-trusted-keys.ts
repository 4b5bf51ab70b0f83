// The trusted keys of a source in the form in which archives are opened.

import type { TrustedKey } from "../../../archive/archive-types.ts";
import { parsePublicKey } from "../../../archive/parse-public-key.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportSource } from "../import-types.ts";
import { readStoredTrustedKeys } from "./queries.ts";

/** All of them, whatever their time; one that cannot be parsed any more does not harm the others (KS 13.4 I18). */
export async function readTrustedKeys(
  { database, archiveTools, report }: ImportDeps,
  source: ImportSource,
): Promise<TrustedKey[]> {
  const trustedKeys: TrustedKey[] = [];
  for (const { id, publicKeyPem, ...trust } of await readStoredTrustedKeys(database.db, source.id)) {
    try {
      trustedKeys.push({ ...trust, publicKey: parsePublicKey(publicKeyPem, archiveTools) });
    } catch {
      events.reportTrustedKeyUnusable(report, source, id);
    }
  }
  return trustedKeys;
}
