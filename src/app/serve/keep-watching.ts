// Looks at the clock again and again for as long as a process runs.

import { codeOf } from "../../core/coded-error.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { ClockTrust } from "../../platform/time/clock-trust.ts";
import type { ClockWatch } from "../clock/watch-clock.ts";

const EVERY_MILLISECONDS = 60_000;
/** In doubt, and before other processes were heard. */
const SOON_MILLISECONDS = 5_000;

/** Goes on until it is closed; a look that fails is reported and repeated. `onRelied` is called when a doubt ends. */
export function keepWatching(
  watch: ClockWatch,
  report: Report,
  onRelied: (trust: ClockTrust) => Promise<void>,
): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  let looking: Promise<void> = Promise.resolve();
  // What an earlier process has left waiting is asked for, too.
  let wasDoubted = true;

  async function look(): Promise<void> {
    try {
      const trust = await watch.look();
      if (trust.doubt === null && wasDoubted) await onRelied(trust);
      wasDoubted = trust.doubt !== null;
      plan(wasDoubted ? SOON_MILLISECONDS : EVERY_MILLISECONDS);
    } catch (error) {
      report({ event: "clock.not-watched", level: "warn", code: codeOf(error) ?? "unexpected" });
      plan(SOON_MILLISECONDS);
    }
  }

  function plan(milliseconds: number): void {
    if (isOver) return;
    timer = setTimeout(() => {
      looking = look();
    }, milliseconds);
  }

  looking = look();
  return {
    async close() {
      isOver = true;
      if (timer !== null) clearTimeout(timer);
      await looking;
    },
  };
}
