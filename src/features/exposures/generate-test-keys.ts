// Storing exposure keys of people who do not exist, and revising some of them later.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import type { Database } from "../../platform/database/database.ts";
import type { ExposuresErrorCode } from "./exposure-types.ts";
import { type GenerationSettings, generateKeys } from "./generate-keys.ts";
import { insertPlannedRevisions, takeDueRevisions } from "./planned-revision-queries.ts";
import type { SaveSettings } from "./save-context.ts";
import { saveKeys } from "./save-keys.ts";

/** Of one call. */
export const MAX_GENERATED_KEYS = 100_000;
/** The oldest ends before the day on which imports would call it too old (KS 10.3). */
export const MAX_KEYS_PER_PERSON = 14;

export interface TestKeyDeps {
  readonly database: Database;
  readonly random: Random;
  readonly settings: SaveSettings;
  /** Whether this server may make up keys. */
  readonly allowGeneratedKeys: boolean;
}

export interface TestKeyRequest extends GenerationSettings {
  /** Test regions; taken in upper case. */
  readonly regions: readonly string[];
  readonly traveler: boolean;
  /** How long after now the revisions come (KS 11.5 KEY_REVISION_DELAY). */
  readonly reviseAfterSeconds: number;
}

/** Answers how many keys were made, and how many revisions follow. Throws `generation_not_allowed`, `generation_settings_invalid`. */
export async function generateTestKeys(
  deps: TestKeyDeps,
  request: TestKeyRequest,
  now: UnixSeconds,
): Promise<{ readonly keys: number; readonly revisions: number }> {
  requireAllowed(deps);
  requirePossible(request);
  const { keys, revisions } = generateKeys(request, now, deps.random);
  const regions = [...new Set(request.regions.map((region) => region.trim().toUpperCase()))];
  const { traveler } = request;
  await deps.database.transaction(async (tx) => {
    await saveKeys(
      tx,
      { origin: { kind: "test" }, regions, traveler, now, primaries: keys, revised: KeyBatch.empty },
      deps.settings,
    );
    if (revisions.length > 0) await insertPlannedRevisions(tx, now + request.reviseAfterSeconds, revisions);
  });
  return { keys: keys.length, revisions: revisions.length };
}

/** Applies the revisions that are due, a call's at a time; answers how many. */
export async function reviseTestKeys(
  { database, settings }: Pick<TestKeyDeps, "database" | "settings">,
  now: UnixSeconds,
): Promise<number> {
  let total = 0;
  for (;;) {
    const revised = await database.transaction(async (tx) => {
      const due = await takeDueRevisions(tx, now);
      if (!due) return 0;
      const about = { origin: { kind: "test" }, regions: [], traveler: false, now } as const;
      await saveKeys(tx, { ...about, primaries: KeyBatch.empty, revised: due }, settings);
      return due.length;
    });
    if (revised === 0) return total;
    total += revised;
  }
}

function requireAllowed({ allowGeneratedKeys }: TestKeyDeps): void {
  if (allowGeneratedKeys) return;
  throw new CodedError<ExposuresErrorCode>("generation_not_allowed", "this server makes up no exposure keys", {
    remedy:
      "Start a server for tests with the setting allowGeneratedKeys; phones cannot tell such keys from real ones.",
  });
}

function requirePossible({ persons, keysPerPerson, reportType, revisedShare }: GenerationSettings): void {
  if (persons * keysPerPerson > MAX_GENERATED_KEYS) {
    throw invalid(`one call makes at most ${MAX_GENERATED_KEYS} keys`);
  }
  if (reportType === "confirmed" && revisedShare > 0) throw invalid("a confirmed test is never revised");
}

function invalid(why: string): CodedError {
  return new CodedError<ExposuresErrorCode>("generation_settings_invalid", `these keys cannot be made: ${why}`);
}
