// All SQL on upload_receipt.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../../core/clock.ts";
import { KEY_LENGTH } from "../../../core/exposure-key.ts";
import type { Db } from "../../../platform/database/database.ts";

export interface Receipt {
  readonly certificateDigest: string;
  /** Of the certificate. */
  readonly expiresAt: UnixSeconds;
  /** Key data, one behind the other. */
  readonly keyData: Uint8Array;
}

/** One statement, however many. */
export function insertReceipts(receipts: readonly Receipt[]): RawBuilder<unknown> {
  const digests = receipts.map(({ certificateDigest }) => certificateDigest);
  const ends = receipts.map(({ expiresAt }) => String(expiresAt));
  const keyData = receipts.map((receipt) => receipt.keyData.toHex());
  return sql`
    insert into upload_receipt (certificate_digest, expires_at, key_data)
    select decode(digest, 'hex'), expires_at, decode(key_data, 'hex')
    from unnest(${digests}::text[], ${ends}::text[]::bigint[], ${keyData}::text[])
      as receipt (digest, expires_at, key_data)`;
}

/** The keys that were uploaded under a certificate before, in hex. */
export async function readKeysUnder(tx: Db, certificateDigest: string): Promise<Set<string>> {
  const { rows } = await sql<{ key_data: Uint8Array }>`
    select key_data from upload_receipt where certificate_digest = ${Uint8Array.fromHex(certificateDigest)}
  `.execute(tx);
  const names = new Set<string>();
  for (const { key_data: keyData } of rows) {
    for (let at = 0; at < keyData.length; at += KEY_LENGTH) {
      names.add(Uint8Array.from(keyData.subarray(at, at + KEY_LENGTH)).toHex());
    }
  }
  return names;
}

/** Answers how many. */
export async function deleteReceiptsBefore(db: Db, before: UnixSeconds): Promise<number> {
  const { numAffectedRows } = await sql`delete from upload_receipt where expires_at < ${before}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
