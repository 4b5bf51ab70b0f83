// What the parts of one save share, and how a save begins.

import type { UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import type { KeyRight } from "../../core/merge-key.ts";
import { releaseTime } from "../../core/release-time.ts";
import type { Db } from "../../platform/database/database.ts";
import { type KeyOrigin, SAVE_OUTCOMES, type SaveOutcome, type SaveRequest } from "./exposure-types.ts";
import type { HeldHorizon } from "./horizon-queries.ts";

export interface SaveSettings {
  /** Release times are truncated to this window (KS 0.4 TRUNCATE_WINDOW). */
  readonly truncateWindowSeconds: number;
}

export interface SaveContext {
  readonly tx: Db;
  readonly origin: KeyOrigin;
  readonly regions: readonly string[];
  readonly traveler: boolean;
  readonly now: UnixSeconds;
  /** Whether any revision waited for its original when the save began. */
  readonly hasAwaited: boolean;
  readonly rightTo: (keyHex: string) => KeyRight;
  readonly publishedFrom: (keyHex: string) => UnixSeconds;
  /** Windows before it were exported. */
  readonly closedUntil: UnixSeconds;
  readonly settings: SaveSettings;
  /** When a key or its revision may be exported: after its end, and in no window that was exported already. */
  releasedAt(batch: KeyBatch, index: number): UnixSeconds;
}

/** What a save of the request has to know, behind `beginSave`. */
export function contextOf(
  tx: Db,
  { closedUntil, hasAwaited }: HeldHorizon,
  request: Pick<SaveRequest, "origin" | "regions" | "traveler" | "now" | "rightTo" | "publishedFrom">,
  settings: SaveSettings,
): SaveContext {
  const { origin, regions, traveler, now, rightTo = () => "none", publishedFrom = () => 0 } = request;
  const floor = Math.max(truncateWindow(now, settings.truncateWindowSeconds), closedUntil);
  return {
    tx,
    origin,
    regions,
    traveler,
    now,
    hasAwaited,
    rightTo,
    publishedFrom,
    closedUntil,
    settings,
    releasedAt: (batch, index) => {
      const validity = { rollingStart: batch.rollingStart(index), rollingPeriod: batch.rollingPeriod(index) };
      return Math.max(floor, releaseTime(validity, now, settings));
    },
  };
}

export function outcomeCode(outcome: SaveOutcome): number {
  return SAVE_OUTCOMES.indexOf(outcome);
}
