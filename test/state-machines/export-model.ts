// What an export has to have published: each key with the types that are right by now, and the lines of the index.

import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import type { ReportType } from "../../src/core/exposure-key.ts";
import { AGE } from "../support/export-world.ts";

export const RETENTION = 2 * DAY;
export const GRACE = DAY / 2;

export interface SavedKey {
  readonly name: number;
  readonly hex: string;
  readonly region: "XX" | "YY";
  /** 00:00 of its day. */
  readonly day: UnixSeconds;
  readonly released: UnixSeconds;
  readonly original: ReportType;
  revision: { readonly type: ReportType; readonly released: UnixSeconds } | null;
  /** Whether its revision came before its publication; null where nobody can tell. */
  wasRevisedFirst: boolean | null;
  isPublished: boolean;
}

export class ExportModel {
  readonly keys: SavedKey[] = [];
  now: UnixSeconds;
  /** Keys of YY are exported too. */
  isWide = false;
  /** What is released before it has been exported; as far as nothing failed. */
  closed: UnixSeconds;
  /** An export failed, or a stretch is exported again: a key may go out with the values of then or of now. */
  isUncertain = false;
  hasSuccessor = false;
  /** The first attempt since the last run in which nothing failed. */
  firstAttemptAt: UnixSeconds | null = null;
  /** Every line ever listed, in its order. */
  readonly lines: string[] = [];
  /** By line: not before, and at the latest; and when it was gone. */
  readonly times = new Map<string, { earliest: UnixSeconds; seen: UnixSeconds; gone: UnixSeconds | null }>();
  /** Each seal with its beginning. */
  readonly seals: { readonly version: string; readonly from: UnixSeconds }[];

  constructor(start: UnixSeconds) {
    this.now = start;
    this.closed = start;
    this.seals = [{ version: "v1", from: 0 }];
  }

  /** When something that is saved now about a key of that day may go out. */
  releaseOf(day: UnixSeconds): UnixSeconds {
    const hour = this.now - (this.now % HOUR);
    return day + DAY <= this.now ? hour : day + DAY + HOUR;
  }

  /** Before a run. */
  noteAttempt(): void {
    this.firstAttemptAt ??= this.now;
  }

  /** After a run in which nothing failed. */
  noteSuccess(): void {
    this.closed = this.closedBy(this.now);
    this.firstAttemptAt = null;
  }

  /** Windows that end by then are due. */
  closedBy(now: UnixSeconds): UnixSeconds {
    const due = now - AGE;
    return due - (due % HOUR);
  }

  isExported({ region }: SavedKey): boolean {
    return region === "XX" || this.isWide;
  }

  /** The types that a published key may have now. */
  typesOf({ original, revision, wasRevisedFirst }: SavedKey): readonly ReportType[] {
    if (revision === null) return [original];
    if (revision.released < this.closed) return [revision.type];
    if (wasRevisedFirst === null) return [original, revision.type];
    return wasRevisedFirst ? [revision.type] : [original];
  }
}
