// One upload in a transaction of its own, whatever is stored already: all of it or nothing.

import { intervalNumber } from "../../../core/intervals.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import type { Db } from "../../../platform/database/database.ts";
import { readHorizon } from "../../exposures/horizon-queries.ts";
import { findKeysByIndex, readStoredKeys, type StoredExposure } from "../../exposures/queries.ts";
import type { TokenEntry } from "../../revision/token-form.ts";
import type { PreparedUpload, UploadResult } from "../publish-types.ts";
import { type Accepted, judgeStored, type StoredUploadKey } from "./judge-stored.ts";
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
  const rows = await readStoredKeys(tx, KeyBatch.from(upload.exposureKeys));
  const earlier = upload.certificate === null ? new Set<string>() : await readKeysUnder(tx, upload.certificate.digest);
  const [stored, known] = await underPresentSuppliers(deps, tx, rows, upload);
  const verdict = judgeStored(known, stored, earlier);
  if (verdict.kind === "refused") return verdict;
  const certificates = upload.certificate === null ? [] : [upload.certificate];
  if ((await deps.verification.recordUses(tx, certificates)).size > 0) return USED_UP;
  const pick = (accepted: readonly Accepted[]) => accepted.flatMap(({ index }) => upload.exposureKeys[index] ?? []);
  const [inserted, revised] = [pick(verdict.inserts), pick(verdict.revisions)];
  if (inserted.length + revised.length > 0) {
    const suppliers = new Set([...verdict.inserts, ...verdict.revisions].map(({ supplierId }) => supplierId));
    for (const supplierId of suppliers) {
      const isIts = (accepted: Accepted) => accepted.supplierId === supplierId;
      const [inserts, revisions] = [verdict.inserts.filter(isIts), verdict.revisions.filter(isIts)];
      const rights = new Map(revisions.map(({ index, right }) => [upload.exposureKeys[index]?.keyData.toHex(), right]));
      const { counts } = await deps.exposures.save(tx, {
        origin: supplierId === null ? { kind: "upload" } : { kind: "upload", supplierId },
        regions: upload.regions,
        traveler: upload.traveler,
        now: upload.now,
        primaries: KeyBatch.from(pick(inserts)),
        revised: KeyBatch.from(pick(revisions)),
        rightTo: (keyHex) => rights.get(keyHex) ?? "none",
      });
      if (counts.inserted !== inserts.length) throw new OvertakenError();
    }
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

/** What is stored and the upload's token, with the numbers that suppliers have by now. */
async function underPresentSuppliers(
  deps: StoreDeps,
  tx: Db,
  rows: ReadonlyMap<string, StoredExposure>,
  upload: PreparedUpload,
): Promise<[Map<string, StoredUploadKey>, PreparedUpload]> {
  const { token } = upload;
  const closedUntil = rows.size === 0 ? 0 : (await readHorizon(tx)).closedUntil;
  const isOfSuppliers = token?.entries.some(({ supplierId }) => supplierId !== null) ?? false;
  const merged = isOfSuppliers ? await deps.readMergedSuppliers(tx) : new Map<number, number>();
  const present = (id: number) => merged.get(id) ?? id;
  const stored = [...rows].map(([name, row]): [string, StoredUploadKey] => [
    name,
    { ...row, owners: row.owners.map(present), isPublished: row.releasedAt < closedUntil },
  ]);
  const entries = token?.entries.map((entry) => ({
    ...entry,
    supplierId: entry.supplierId === null ? null : present(entry.supplierId),
  }));
  return [new Map(stored), entries === undefined ? upload : { ...upload, token: { ...token, entries } }];
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
