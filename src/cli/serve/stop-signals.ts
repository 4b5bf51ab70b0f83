// The signals by which a server is told to stop.

import { isLauncherGone } from "../launcher.ts";

export interface StopWishes {
  /** The first wish, and why. `drains`: others still have to learn that this process goes. */
  stop(this: void, reason: string, drains: boolean): void;
  /** A second wish, meant as such. */
  end(this: void): void;
  /** SIGHUP, by which a terminal says that it was closed: no wish to stop. */
  hangUp(this: void): void;
}

/** Ctrl-C reaches every process of a terminal, and the one that started us hands it on: that is one wish, not two. */
const SAME_WISH_MILLISECONDS = 500;

/** From now on the signals are told instead of ending the process. */
export function watchStopSignals({ stop, end, hangUp }: StopWishes): void {
  let wasAsked = false;
  let isSecond = false;
  const ask = (reason: string, drains: boolean) => {
    if (isSecond) return end();
    if (wasAsked) return;
    wasAsked = true;
    setTimeout(() => {
      isSecond = true;
    }, SAME_WISH_MILLISECONDS).unref();
    stop(reason, drains);
  };
  process.on("SIGTERM", () => ask(isLauncherGone() ? "launcher-gone" : "SIGTERM", true));
  // Ctrl-C of a person: no load balancer stands before a terminal.
  process.on("SIGINT", () => ask("SIGINT", false));
  process.on("SIGHUP", () => hangUp());
}
