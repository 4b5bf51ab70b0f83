// Which exposure keys a phone holds after each accepted call: originals, repetitions, revisions (DB 4.1).
//
// A real system keeps only keys that it has a sighting of; the simulated phone has sighted every key, so it holds all.

import type { UnixSeconds } from "../core/clock.ts";
import { KEY_LENGTH, ReportType } from "../core/exposure-key.ts";
import type { KeyBatch } from "../core/key-batch.ts";
import type { PhoneExport } from "./read-export.ts";

export interface KnownKey {
  /** The five metadata values: the last eight bytes of a KeyBatch record, in hex. */
  values: string;
  readonly firstSeenAt: UnixSeconds;
  /** When it came for the first time since the system last forgot it. */
  readonly submittedAt: UnixSeconds;
  /** False while it came only as a revised key. */
  hadPrimary: boolean;
  /** At most one transition of the report type is applied. */
  revised: boolean;
  /** Stays known so that a later original does not bring it back (window mode). */
  revoked: boolean;
}

/** Key bytes in lower-case hex -> what is known of it. Plain data. */
export type KnownKeys = Record<string, KnownKey>;

export interface HoldingOutcome {
  /** Keys held now that were not known before the call. */
  readonly added: number;
  /** Keys, in hex, of primaries that had come as a primary before, in this call or an earlier one; one for each time. */
  readonly repeatedPrimaries: readonly string[];
  /** Keys, in hex, with a revision that said something new and was not applied. */
  readonly skippedRevisions: readonly string[];
}

export interface HoldRules {
  /** What a revocation does that comes before its original: window mode keeps it, the legacy token mode passes it over. */
  readonly earlyRevocation: "kept" | "passed_over";
  /** After so long a key that comes again is new. */
  readonly forgetsAfterSeconds: number | null;
}

const ALLOWED_TRANSITIONS = new Map<number, readonly number[]>([
  [ReportType.userReport, [ReportType.confirmed, ReportType.likely, ReportType.revoked]],
  [ReportType.likely, [ReportType.confirmed, ReportType.revoked]],
]);

/**
 * Takes the exports of one call into `known`. Results are held back to the end of a call, so a revision never applies
 * to a key that first came in the same call, whichever stands first: the original's values are kept, also against a
 * revocation (DB 4.1, 4.3). A revision of an unknown key is held with the revised values, a revocation as `rules` say.
 */
export function holdCall(
  known: KnownKeys,
  exports: readonly PhoneExport[],
  now: UnixSeconds,
  rules: HoldRules = { earlyRevocation: "kept", forgetsAfterSeconds: null },
): HoldingOutcome {
  const fresh = new Set<string>();
  const skippedRevisions: string[] = [];
  let added = 0;
  const repeatedPrimaries: string[] = [];

  const learn = (keyHex: string, values: string, hadPrimary: boolean): void => {
    const revoked = reportTypeOf(values) === ReportType.revoked;
    const before = known[keyHex];
    const firstSeenAt = before?.firstSeenAt ?? now;
    known[keyHex] = { values, firstSeenAt, submittedAt: now, hadPrimary, revised: false, revoked };
    fresh.add(keyHex);
    if (!revoked && (before === undefined || before.revoked)) added++;
  };
  const find = (keyHex: string): KnownKey | undefined => {
    const entry = known[keyHex];
    return entry === undefined || isForgotten(entry, now, rules) ? undefined : entry;
  };

  for (const { primaries } of exports) {
    for (let index = 0; index < primaries.length; index++) {
      const keyHex = primaries.keyHex(index);
      const values = valuesHex(primaries, index);
      const entry = find(keyHex);
      if (entry === undefined) {
        learn(keyHex, values, true);
        continue;
      }
      if (entry.hadPrimary) repeatedPrimaries.push(keyHex);
      entry.hadPrimary = true;
      // Even a repeated primary is considered for a transition, and only for that.
      if (!fresh.has(keyHex)) applyTransition(entry, values);
    }
  }
  for (const { revised } of exports) {
    for (let index = 0; index < revised.length; index++) {
      const keyHex = revised.keyHex(index);
      const values = valuesHex(revised, index);
      const entry = find(keyHex);
      const isRevocation = reportTypeOf(values) === ReportType.revoked;
      if (entry === undefined && isRevocation && rules.earlyRevocation === "passed_over") skippedRevisions.push(keyHex);
      else if (entry === undefined) learn(keyHex, values, false);
      else if (entry.values !== values && !entry.revoked) {
        if (fresh.has(keyHex) || !applyTransition(entry, values)) skippedRevisions.push(keyHex);
      }
    }
  }
  return { added, repeatedPrimaries, skippedRevisions };
}

function isForgotten({ submittedAt }: KnownKey, now: UnixSeconds, { forgetsAfterSeconds }: HoldRules): boolean {
  return forgetsAfterSeconds !== null && now - submittedAt >= forgetsAfterSeconds;
}

/** Another rolling start or period counts as attempted already and is skipped. */
function applyTransition(entry: KnownKey, values: string): boolean {
  const sameWindow = entry.values.slice(0, 10) === values.slice(0, 10);
  const allowed = ALLOWED_TRANSITIONS.get(reportTypeOf(entry.values))?.includes(reportTypeOf(values)) === true;
  if (entry.revised || entry.revoked || !sameWindow || !allowed) return false;
  entry.values = values;
  entry.revised = true;
  entry.revoked = reportTypeOf(values) === ReportType.revoked;
  return true;
}

/** The values of the record, as `KnownKey` keeps them. */
export function valuesHex(batch: KeyBatch, index: number): string {
  return batch.record(index).subarray(KEY_LENGTH).toHex();
}

function reportTypeOf(values: string): number {
  return Number.parseInt(values.slice(12, 14), 16);
}
