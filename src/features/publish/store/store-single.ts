// One upload in a transaction of its own, whatever is stored already: all of it or nothing.

import { intervalNumber } from "../../../core/intervals.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import type { Db } from "../../../platform/database/database.ts";
import { findKeysByIndex, readStoredKeys } from "../../exposures/queries.ts";
import type { TokenEntry } from "../../revision/token-form.ts";
import type { PreparedUpload, UploadResult } from "../publish-types.ts";
import { judgeStored } from "./judge-stored.ts";
import { readKeysUnder } from "./receipt-queries.ts";
import { recordsOf } from "./record-upload.ts";
import type { StoreDeps } from "./store-deps.ts";
import { OvertakenError, storeRepeatedly } from "./store-repeatedly.ts";

/** Rejects when the database fails; then nothing was stored, or nobody knows, and the phone repeats. */
export function storeSingle(deps: StoreDeps, upload: PreparedUpload): Promise<UploadResult> {
  return storeRepeatedly(deps.database, (tx) => store(deps, tx, upload));
}

const USED_UP: UploadResult = {
  kind: "refused",
  code: "health_authority_verification_certificate_invalid",
  message: "the certificate was used too often",
};

async function store(deps: StoreDeps, tx: Db, upload: PreparedUpload): Promise<UploadResult> {
  await findKeysByIndex(tx);
  // The rows stay locked, so that what is judged here is what is changed here.
  const stored = await readStoredKeys(tx, KeyBatch.from(upload.exposureKeys));
  const earlier = upload.certificate === null ? new Set<string>() : await readKeysUnder(tx, upload.certificate.digest);
  const verdict = judgeStored(upload, stored, earlier);
  if (verdict.kind === "refused") return verdict;
  const certificates = upload.certificate === null ? [] : [upload.certificate];
  if ((await deps.verification.recordUses(tx, certificates)).size > 0) return USED_UP;
  const pick = (positions: readonly number[]) => positions.flatMap((position) => upload.exposureKeys[position] ?? []);
  const [inserted, revised] = [pick(verdict.inserts), pick(verdict.revisions)];
  if (inserted.length + revised.length > 0) {
    const revisable = new Set(revised.map((key) => key.keyData.toHex()));
    const { counts } = await deps.exposures.save(tx, {
      origin: { kind: "upload" },
      regions: upload.regions,
      traveler: upload.traveler,
      now: upload.now,
      primaries: KeyBatch.from(inserted),
      revised: KeyBatch.from(revised),
      mayRevise: (keyHex) => revisable.has(keyHex),
    });
    if (counts.inserted !== inserted.length) throw new OvertakenError();
    for (const record of recordsOf(deps, [{ upload, inserted, revised: revised.length }])) await record.execute(tx);
  }
  const entries = livingEntries(verdict.entries, upload, deps.maxAgeSeconds);
  return {
    kind: "stored",
    inserted: inserted.length,
    revised: revised.length,
    withoutEffect: verdict.withoutEffect,
    token: entries.length === 0 ? null : upload.seal(entries),
  };
}

/** Without keys that have become too old to be revised (KS 5.4). */
export function livingEntries(
  entries: readonly TokenEntry[],
  upload: Pick<PreparedUpload, "now">,
  maxAgeSeconds: number,
): TokenEntry[] {
  const oldest = intervalNumber(upload.now - maxAgeSeconds);
  return entries.filter(({ rollingStart, rollingPeriod }) => rollingStart + rollingPeriod >= oldest);
}
