// Many uploads of new keys in one transaction; whatever is not that simple goes one by one.

import { codeOf } from "../../../core/coded-error.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import { isRevoked } from "../../../core/report-type.ts";
import type { Db } from "../../../platform/database/database.ts";
import { findKeysByIndex, readStoredKeys } from "../../exposures/queries.ts";
import type { PreparedUpload, UploadResult } from "../publish-types.ts";
import { recordUploads } from "./record-upload.ts";
import type { StoreDeps } from "./store-deps.ts";
import { OvertakenError, storeRepeatedly } from "./store-repeatedly.ts";
import { livingEntries, storeSingle, USED_UP } from "./store-single.ts";

/** What became of one upload; `error`: the database failed, and the phone is asked to repeat. */
export type Settled = { readonly result: UploadResult } | { readonly error: unknown };

/**
 * Stores the uploads, each all or nothing, each with its own answer, in the order given. Nothing of one upload depends
 * on another: a group that fails for whatever reason is done again one by one, unless nothing can be done at all.
 */
export async function storeGroup(deps: StoreDeps, uploads: readonly PreparedUpload[]): Promise<Settled[]> {
  const settled = new Map<PreparedUpload, Settled>();
  const simple = uploads.length < 2 ? [] : simpleOnes(uploads);
  const failure = simple.length < 2 ? null : await storeTogether(deps, simple, settled);
  // A database that is away is not waited for once for each.
  let away = unreachable(failure);
  for (const upload of uploads) {
    if (settled.has(upload)) continue;
    const outcome = away ?? (await settle(storeSingle(deps, upload)));
    away ??= "error" in outcome ? unreachable(outcome.error) : null;
    settled.set(upload, outcome);
  }
  return uploads.map((upload) => settled.get(upload) ?? { error: new Error("no upload is left out") });
}

/** Those that share no key with one before them, bring no token, and withdraw nothing. */
function simpleOnes(uploads: readonly PreparedUpload[]): PreparedUpload[] {
  const names = new Set<string>();
  return uploads.filter((upload) => {
    const own = upload.exposureKeys.map((key) => key.keyData.toHex());
    const isSimple =
      upload.token === null &&
      upload.exposureKeys.every((key) => !isRevoked(key.reportType)) &&
      new Set(own).size === own.length &&
      own.every((name) => !names.has(name));
    for (const name of own) names.add(name);
    return isSimple;
  });
}

/** Settles those of the uploads whose keys are all new; answers the error when it could not. */
async function storeTogether(
  deps: StoreDeps,
  uploads: readonly PreparedUpload[],
  settled: Map<PreparedUpload, Settled>,
): Promise<unknown> {
  try {
    const stored = await storeRepeatedly(deps.database, (tx) => storeNew(deps, tx, uploads));
    for (const [upload, result] of stored) settled.set(upload, { result });
    return null;
  } catch (error) {
    return error;
  }
}

async function storeNew(
  deps: StoreDeps,
  tx: Db,
  uploads: readonly PreparedUpload[],
): Promise<Map<PreparedUpload, UploadResult>> {
  await findKeysByIndex(tx);
  const stored = await readStoredKeys(tx, batchOf(uploads));
  const fresh = uploads.filter(({ exposureKeys }) => !exposureKeys.some((key) => stored.has(key.keyData.toHex())));
  const certificates = fresh.flatMap(({ certificate }) => certificate ?? []);
  const usedUp = await deps.verification.recordUses(tx, certificates);
  const isUsedUp = ({ certificate }: PreparedUpload) => certificate !== null && usedUp.has(certificate.digest);
  const good = fresh.filter((upload) => !isUsedUp(upload));
  for (const alike of Map.groupBy(good, destinationOf).values()) await saveAlike(deps, tx, alike);
  await recordUploads(
    deps,
    tx,
    good.map((upload) => ({ upload, inserted: upload.exposureKeys, revised: 0 })),
  );
  return new Map(fresh.map((upload) => [upload, isUsedUp(upload) ? USED_UP : resultOf(deps, upload)]));
}

/** One statement for all that go to the same regions. */
async function saveAlike(deps: StoreDeps, tx: Db, alike: readonly PreparedUpload[]): Promise<void> {
  const [first] = alike;
  if (first === undefined) return;
  const primaries = batchOf(alike);
  const { counts } = await deps.exposures.save(tx, {
    origin: { kind: "upload" },
    regions: first.regions,
    traveler: first.traveler,
    now: first.now,
    primaries,
    revised: KeyBatch.empty,
  });
  if (counts.inserted !== primaries.length) throw new OvertakenError();
}

function resultOf(deps: StoreDeps, upload: PreparedUpload): UploadResult {
  const own = upload.exposureKeys.map((key) => ({ ...key, sourceId: null }));
  const entries = livingEntries(own, upload, deps.maxAgeSeconds);
  const token = entries.length === 0 ? null : upload.seal(entries);
  return { kind: "stored", inserted: own.length, revised: 0, withdrawnUnknown: 0, token };
}

function batchOf(uploads: readonly PreparedUpload[]): KeyBatch {
  return KeyBatch.from(uploads.flatMap(({ exposureKeys }) => exposureKeys));
}

/** Release times hang on the second, so uploads of one second go together. */
function destinationOf({ regions, traveler, now }: PreparedUpload): string {
  return JSON.stringify([regions, traveler, now]);
}

async function settle(storing: Promise<UploadResult>): Promise<Settled> {
  try {
    return { result: await storing };
  } catch (error) {
    return { error };
  }
}

function unreachable(error: unknown): { readonly error: unknown } | null {
  return codeOf(error) === "database_unreachable" ? { error } : null;
}
