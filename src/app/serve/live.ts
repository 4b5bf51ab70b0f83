// Carries a process through its life cycle: the one owner of its start, its drain, its stop and its end.

import { BORN, type LifeAction, type LifeEvent, type LifeState, nextStep } from "./life-cycle.ts";

export interface LifeWork {
  /** Opens everything. Once `brokenOff` is aborted it begins no further step; `close` closes what it has opened. */
  start(brokenOff: AbortSignal): Promise<void>;
  /** Says that the process is not ready, and goes on serving. */
  drain(): void;
  /** Closes everything that was opened. */
  close(): Promise<void>;
  /** Leaves the process; `why` is what happened last. */
  end(exitCode: number, why: LifeEvent["kind"]): void;
}

/** Milliseconds. `stop` bounds every way out, the drain included. */
export interface LifeLimits {
  readonly start: number;
  readonly drain: number;
  readonly stop: number;
}

/** Runs `then` after so many milliseconds, unless the answered function is called before. */
export type After = (milliseconds: number, then: () => void) => () => void;

export interface Life {
  /** Tells what happened from outside: a wish to stop, or a crash. */
  tell(event: LifeEvent): void;
  phase(): LifeState["phase"];
  /** Resolves when everything has started; rejects when the start failed, was overdue or was broken off. */
  readonly started: Promise<void>;
}

/** Begins the life: starts the work at once. `overdue` makes the error of a start that has used up its time. */
export function live(work: LifeWork, limits: LifeLimits, after: After, overdue: () => Error): Life {
  let state = BORN;
  const brokenOff = new AbortController();
  const late = Promise.withResolvers<never>();
  const endLimitOfStart = after(limits.start, () => late.reject(overdue()));
  const opening = work.start(brokenOff.signal);
  const started = Promise.race([opening, late.promise]);

  const actions: Readonly<Record<LifeAction, (event: LifeEvent) => void>> = {
    "limit-stop": () => void after(limits.stop, () => tell({ kind: "stop-overdue" })),
    drain() {
      work.drain();
      after(limits.drain, () => tell({ kind: "drained" }));
    },
    close: () => void closeAll(),
    end: ({ kind }) => work.end(state.exitCode, kind),
  };

  /** Waits for the step of the start that is under way: what that opens has to be closed too. */
  async function closeAll(): Promise<void> {
    brokenOff.abort();
    await opening.catch(() => undefined);
    await work.close();
    tell({ kind: "closed" });
  }

  function tell(event: LifeEvent): void {
    const step = nextStep(state, event);
    state = step.state;
    if (state.phase !== "starting") endLimitOfStart();
    for (const action of step.actions) actions[action](event);
  }

  started.then(
    () => tell({ kind: "started" }),
    () => tell({ kind: "start-failed" }),
  );
  return { tell, phase: () => state.phase, started };
}
