// The life cycle of a server process, pure: which phase follows which event, and what has to be done then.

import { EXIT_CODES } from "../../core/exit-codes.ts";

export type Phase = "starting" | "serving" | "draining" | "stopping" | "stopped" | "failed";

export interface LifeState {
  readonly phase: Phase;
  /** With which the process ends: once it has ended, or once everything is closed in time. */
  readonly exitCode: number;
}

export type LifeEvent =
  | { readonly kind: "started" }
  /** A step of it failed, or it has used up its time. */
  | { readonly kind: "start-failed" }
  /** The first wish to stop; `drains`: others still have to learn that this process goes. */
  | { readonly kind: "stop-asked"; readonly drains: boolean }
  /** A second wish, or a failure that leaves the process in an unknown state. */
  | { readonly kind: "end-asked" }
  | { readonly kind: "crashed" }
  | { readonly kind: "drained" }
  | { readonly kind: "closed" }
  /** The stop has used up its time. */
  | { readonly kind: "stop-overdue" };

/**
 * `limit-stop`: start the one clock that bounds the way out. `drain`: be unready, go on serving. `close`: break off a
 * start that is under way, then close everything that was opened. `end`: leave the process, whatever is open.
 */
export type LifeAction = "limit-stop" | "drain" | "close" | "end";

export interface LifeStep {
  readonly state: LifeState;
  readonly actions: readonly LifeAction[];
}

export const BORN: LifeState = { phase: "starting", exitCode: EXIT_CODES.done };

/** The next state and what to do on the way. An event that means nothing in a phase changes nothing. */
export function nextStep(state: LifeState, event: LifeEvent): LifeStep {
  const hasEnded = state.phase === "stopped" || state.phase === "failed";
  if (hasEnded) return stay(state);
  switch (event.kind) {
    case "started":
      return state.phase === "starting" ? { state: { ...state, phase: "serving" }, actions: [] } : stay(state);
    case "start-failed":
      return state.phase === "starting" ? stopping(EXIT_CODES.refused, ["limit-stop"]) : stay(state);
    case "stop-asked":
      if (state.phase === "starting") return stopping(EXIT_CODES.done, ["limit-stop"]);
      if (state.phase !== "serving") return stay(state);
      return event.drains
        ? { state: { ...state, phase: "draining" }, actions: ["limit-stop", "drain"] }
        : stopping(EXIT_CODES.done, ["limit-stop"]);
    case "drained":
      return state.phase === "draining" ? stopping(EXIT_CODES.done, []) : stay(state);
    case "closed":
      return state.phase === "stopping" ? ended(state.exitCode) : stay(state);
    case "stop-overdue":
    case "crashed":
      return ended(EXIT_CODES.refused);
    case "end-asked":
      return ended(EXIT_CODES.brokenOff);
    default:
      return event satisfies never;
  }
}

function stay(state: LifeState): LifeStep {
  return { state, actions: [] };
}

function stopping(exitCode: number, before: readonly LifeAction[]): LifeStep {
  return { state: { phase: "stopping", exitCode }, actions: [...before, "close"] };
}

function ended(exitCode: number): LifeStep {
  const phase = exitCode === EXIT_CODES.done ? "stopped" : "failed";
  return { state: { phase, exitCode }, actions: ["end"] };
}
