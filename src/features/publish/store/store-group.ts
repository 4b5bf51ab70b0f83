// Many uploads of new keys in one transaction; whatever is not that simple goes one by one.

import { CodedError, codeOf } from "../../../core/coded-error.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import { isRevoked } from "../../../core/report-type.ts";
import { hasRepeats } from "../../../core/sort-keys.ts";
import type { DatabaseErrorCode, Db } from "../../../platform/database/database.ts";
import type { NewKeySave } from "../../exposures/save-new-keys.ts";
import type { PreparedUpload, UploadResult } from "../publish-types.ts";
import { recordsOf } from "./record-upload.ts";
import type { StoreDeps } from "./store-deps.ts";
import { GROUP_MILLISECONDS } from "./store-limits.ts";
import { storeRepeatedly } from "./store-repeatedly.ts";
import { livingEntries, storeSingle } from "./store-single.ts";

/** What became of one upload; `error`: the database failed, and the phone is asked to repeat. */
export type Settled = { readonly result: UploadResult } | { readonly error: unknown };

/**
 * Stores the uploads, each all or nothing, each with its own answer, in the order given. Nothing of one upload depends
 * on another: a group that fails for whatever reason is done again one by one, unless nothing can be done at all.
 */
export async function storeGroup(deps: StoreDeps, uploads: readonly PreparedUpload[]): Promise<Settled[]> {
  const settled = new Map<PreparedUpload, Settled>();
  const begun = deps.milliseconds();
  const simple = uploads.length < 2 ? [] : simpleOnes(uploads);
  const failure = simple.length < 2 ? null : await storeTogether(deps, simple, settled);
  // A database that is away is not waited for once for each.
  let away = unreachable(failure);
  for (const upload of uploads) {
    if (settled.has(upload)) continue;
    // Others wait for their turn meanwhile: what one upload waits for must not take the time of all.
    if (deps.milliseconds() - begun > GROUP_MILLISECONDS) away ??= { error: failure ?? tooLate() };
    const outcome = away ?? (await settle(storeSingle(deps, upload)));
    away ??= "error" in outcome ? unreachable(outcome.error) : null;
    settled.set(upload, outcome);
  }
  return uploads.map((upload) => settled.get(upload) ?? { error: new Error("no upload is left out") });
}

/** Those that share no key with one before them, bring no token, and withdraw nothing. */
function simpleOnes(uploads: readonly PreparedUpload[]): PreparedUpload[] {
  const apart = hasRepeats(batchOf(uploads)) ? withoutRepeats(uploads) : uploads;
  return apart.filter(
    ({ exposureKeys, token }) => token === null && !exposureKeys.some((key) => isRevoked(key.reportType)),
  );
}

/** Those whose keys are all named for the first time. */
function withoutRepeats(uploads: readonly PreparedUpload[]): PreparedUpload[] {
  const names = new Set<string>();
  return uploads.filter(({ exposureKeys }) => {
    const before = names.size;
    for (const key of exposureKeys) names.add(key.keyData.toHex());
    return names.size === before + exposureKeys.length;
  });
}

/** Settles those of the uploads whose keys are all new; answers the error when it could not. */
async function storeTogether(
  deps: StoreDeps,
  uploads: readonly PreparedUpload[],
  settled: Map<PreparedUpload, Settled>,
): Promise<unknown> {
  try {
    const stored = await storeRepeatedly(deps.database, (tx, attempt) => storeNew(deps, tx, uploads, attempt > 1));
    for (const [upload, result] of stored) settled.set(upload, { result });
    return null;
  } catch (error) {
    return error;
  }
}

/** Hardly ever is one of the keys stored, so the first attempt does not look; it fails where one is. */
async function storeNew(
  deps: StoreDeps,
  tx: Db,
  uploads: readonly PreparedUpload[],
  looks: boolean,
): Promise<Map<PreparedUpload, UploadResult>> {
  const save = await deps.exposures.beginNew(tx, looks ? batchOf(uploads) : KeyBatch.empty);
  const isFresh = ({ exposureKeys }: PreparedUpload) =>
    !exposureKeys.some((key) => save.stored.has(key.keyData.toHex()));
  const fresh = save.stored.size === 0 ? uploads : uploads.filter(isFresh);
  for (const alike of Map.groupBy(fresh, destinationOf).values()) await saveAlike(deps, save, alike);
  return new Map(fresh.map((upload) => [upload, resultOf(deps, upload)]));
}

/** One statement for all that go to the same regions; it fails where a certificate is used up, and with it the group. */
async function saveAlike(deps: StoreDeps, save: NewKeySave, alike: readonly PreparedUpload[]): Promise<void> {
  const [first] = alike;
  if (first === undefined) return;
  const { regions, traveler, now } = first;
  const uses = deps.verification.countingUses(alike.flatMap(({ certificate }) => certificate ?? []));
  if (uses === null) throw new Error("uploads of one group use up a certificate");
  const records = recordsOf(
    deps,
    alike.map((upload) => ({ upload, inserted: upload.exposureKeys, revised: 0 })),
  );
  await save.insert({ origin: { kind: "upload" }, regions, traveler, now, primaries: batchOf(alike) }, [
    ...uses,
    ...records,
  ]);
}

const ALL_HAD_EFFECT = { repeated: 0, kept: 0, withdrawnUnknown: 0, doubled: 0 };

function resultOf(deps: StoreDeps, upload: PreparedUpload): UploadResult {
  const own = upload.exposureKeys.map((key) => ({ ...key, supplierId: null }));
  const entries = livingEntries(own, upload, deps.maxAgeSeconds);
  const token = entries.length === 0 ? null : upload.seal(entries);
  return { kind: "stored", inserted: own.length, revised: 0, withoutEffect: ALL_HAD_EFFECT, token };
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

function tooLate(): CodedError<DatabaseErrorCode> {
  return new CodedError("database_busy", "the uploads beside this one took all the time");
}

function unreachable(error: unknown): { readonly error: unknown } | null {
  return codeOf(error) === "database_unreachable" ? { error } : null;
}
