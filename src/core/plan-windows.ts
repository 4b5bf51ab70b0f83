// Which export windows are due: contiguous, ascending, none open, none forgotten (KS 2.3 with the mends of KS 13.3).

import { DAY, type UnixSeconds } from "./clock.ts";
import { CodedError } from "./coded-error.ts";
import { truncateWindow } from "./intervals.ts";

/** Start included, end excluded. */
export interface ExportWindow {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

export interface WindowInput {
  /** End of the last window planned so far; null when there is none yet. */
  readonly exportedUntil: UnixSeconds | null;
  readonly from: UnixSeconds;
  /** Where the config ends; null: never. */
  readonly thru: UnixSeconds | null;
  readonly periodSeconds: number;
  readonly now: UnixSeconds;
  /** A window rests this long before it is exported, so that every transaction which wrote into it has ended. */
  readonly minWindowAgeSeconds: number;
  /** The granularity of release times. */
  readonly truncateWindowSeconds: number;
  /** How much from before `from` the first window takes along; 0: nothing. */
  readonly backfillSeconds: number;
  /** Nothing was released or revised between what was planned so far and this instant: windows before it are left out. */
  readonly quietUntil?: UnixSeconds;
}

export interface WindowPlan {
  readonly windows: readonly ExportWindow[];
  /** Everything up to `thru` is planned; no window will follow. */
  readonly ended: boolean;
}

/** One plan holds at most so many windows; the next plan goes on from there. */
export const MAX_PLANNED_WINDOWS = 10_000;

/** Throws `period_invalid` unless the period is whole seconds, at most a day, and divides the day (KS 2.1). */
export function assertPeriod(periodSeconds: number): void {
  if (Number.isInteger(periodSeconds) && periodSeconds >= 1 && DAY % periodSeconds === 0) return;
  throw new CodedError("period_invalid", `an export period of ${periodSeconds} s does not divide a day of ${DAY} s`, {
    remedy: "Choose a period of which 24 hours are a multiple, such as 1h, 4h, 6h or 24h.",
  });
}

/**
 * The windows to export next. Each starts where the one before ended and ends at a multiple of the period (UTC) or at
 * `thru`; so an edited period neither leaves a gap nor repeats a key. Throws `period_invalid`.
 */
export function planWindows(input: WindowInput): WindowPlan {
  assertPeriod(input.periodSeconds);
  const closedUntil = lastClosedInstant(input);
  const isBackfill = input.exportedUntil === null && input.backfillSeconds > 0;
  const windows: ExportWindow[] = [];
  let start = input.exportedUntil ?? firstStart(input);
  if (!isBackfill) start = behindQuiet(start, closedUntil, input);
  let end = isBackfill ? backfillEnd(input) : nextEnd(start, input);
  while (start < end && end <= closedUntil && windows.length < MAX_PLANNED_WINDOWS) {
    windows.push({ start, end });
    start = end;
    end = nextEnd(start, input);
  }
  return { windows, ended: input.thru !== null && start >= input.thru };
}

/**
 * Up to here every key that will ever have such a release time is stored. Release times are truncated downwards, hence
 * the truncation: the last one keeps receiving keys until the next begins.
 */
export function lastClosedInstant(
  input: Pick<WindowInput, "now" | "minWindowAgeSeconds" | "truncateWindowSeconds">,
): UnixSeconds {
  return truncateWindow(input.now - input.minWindowAgeSeconds, input.truncateWindowSeconds);
}

/** The first instant at which a window that ends at `end` may be exported, as `planWindows` has it. */
export function dueAt(
  end: UnixSeconds,
  { minWindowAgeSeconds, truncateWindowSeconds }: Pick<WindowInput, "minWindowAgeSeconds" | "truncateWindowSeconds">,
): UnixSeconds {
  const truncated = truncateWindow(end, truncateWindowSeconds);
  return (truncated < end ? truncated + truncateWindowSeconds : truncated) + minWindowAgeSeconds;
}

// At the latest in the last window that is due: with it the plan comes as far as it would have come anyway.
function behindQuiet(
  start: UnixSeconds,
  closedUntil: UnixSeconds,
  { quietUntil = -Infinity, periodSeconds, thru }: WindowInput,
): UnixSeconds {
  const isLastDue = thru !== null && thru <= closedUntil;
  const lastStart = isLastDue
    ? truncateWindow(thru - 1, periodSeconds)
    : truncateWindow(closedUntil, periodSeconds) - periodSeconds;
  return Math.max(start, truncateWindow(Math.min(quietUntil, lastStart), periodSeconds));
}

function firstStart({ from, periodSeconds, backfillSeconds, truncateWindowSeconds }: WindowInput): UnixSeconds {
  if (backfillSeconds > 0) return truncateWindow(from - backfillSeconds, truncateWindowSeconds);
  return truncateWindow(from, periodSeconds);
}

// The history goes into one window, which reaches up to the period that is open now, or to the end of the config.
function backfillEnd(input: WindowInput): UnixSeconds {
  if (input.now < input.from) return -Infinity;
  const closedUntil = lastClosedInstant(input);
  if (input.thru !== null && input.thru <= closedUntil) return input.thru;
  return truncateWindow(closedUntil, input.periodSeconds);
}

function nextEnd(start: UnixSeconds, { periodSeconds, thru }: WindowInput): UnixSeconds {
  const end = truncateWindow(start, periodSeconds) + periodSeconds;
  return thru === null ? end : Math.min(end, thru);
}
