// The end of a command by a signal: at once, with nothing half drawn, and with the exit code that shells expect.

import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** From now on a signal ends the process behind `tidy`. For commands that leave nothing to clean up. */
export function endOnSignal(tidy: () => void): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      tidy();
      process.exit(exitCodeOf(signal));
    });
  }
}
