// Work that a signal breaks off in good order: it undoes what it has done, and then the process ends.

import { constants } from "node:os";
import { CodedError } from "../../core/coded-error.ts";
import { startFailure } from "../serve/start-failure.ts";
import type { InitErrorCode } from "./wanted-settings.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** How long a database may take to answer that was being asked. */
const GIVE_UP_MILLISECONDS = 5_000;
/** Behind that, for what has to be removed. */
const UNDO_MILLISECONDS = 15_000;

/**
 * Runs `work`, which looks at the signal between its steps and undoes them when it throws. Interrupted, it tells why and
 * ends the process with 128 and the signal's number, at the bound in any case. Throws what `work` throws, always coded.
 */
export async function untilInterrupted<T>(
  work: (interrupted: AbortSignal) => Promise<T>,
  tell: (error: CodedError) => void,
): Promise<T> {
  const controller = new AbortController();
  let limit: NodeJS.Timeout | undefined;
  let exitCode = 0;
  const interrupt = (signal: (typeof SIGNALS)[number]) => {
    if (controller.signal.aborted) return;
    exitCode = 128 + constants.signals[signal];
    limit = setTimeout(() => process.exit(exitCode), UNDO_MILLISECONDS);
    controller.abort(interruptedBy(signal));
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw startFailure(error);
    tell(startFailure(controller.signal.reason));
    return process.exit(exitCode);
  } finally {
    clearTimeout(limit);
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** Answers what `work` answers, but does not wait for it for ever once it was interrupted: throws the signal's reason. */
export async function orGiveUp<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => void setTimeout(() => late.reject(interrupted.reason), GIVE_UP_MILLISECONDS);
  interrupted.addEventListener("abort", giveUp);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    interrupted.removeEventListener("abort", giveUp);
  }
}

function interruptedBy(signal: string): CodedError {
  return new CodedError<InitErrorCode>("init_interrupted", `${signal} broke it off; the folder is as it was`, {
    remedy: "Run the command again.",
  });
}
