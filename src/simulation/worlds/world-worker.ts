// A process that lives through the worlds it is told to, one after the other, on databases of its own.

import { type DrawLimits, drawPlan } from "./draw-plan.ts";
import { applyCut, type PlanCut } from "./plan-cut.ts";
import { shrinkPlan } from "./shrink-plan.ts";
import { openWorldHome } from "./world-home.ts";
import { tryWorld, type WorldOutcome } from "./world-outcome.ts";

export interface WorkerSettings {
  readonly limits: DrawLimits;
  readonly cut: PlanCut;
  readonly postgres: { readonly url: string; readonly name: string } | null;
  /** How many smaller worlds are tried for one that is broken. */
  readonly shrinkAttempts: number;
}

export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "lived"; readonly outcome: WorldOutcome; readonly smaller: PlanCut | null }
  /** The simulation itself failed. */
  | { readonly kind: "failed"; readonly seed: number; readonly reason: string; readonly code: string | null };

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the process that starts this one
const settings = JSON.parse(process.argv[2] ?? "") as WorkerSettings;
const home = await openWorldHome(settings.postgres);
const reply = (message: WorkerReply) => process.send?.(message);

async function live(seed: number): Promise<WorkerReply> {
  const plan = applyCut(drawPlan(seed, settings.limits), settings.cut);
  const outcome = await tryWorld(plan, { home });
  const first = outcome.broken[0];
  if (first === undefined || settings.shrinkAttempts === 0) return { kind: "lived", outcome, smaller: null };
  const breaksTheSame = async (smaller: typeof plan) => {
    const again = await tryWorld(smaller, { home }).catch(() => null);
    return again?.broken.some(({ id }) => id === first.id) === true;
  };
  return { kind: "lived", outcome, smaller: await shrinkPlan(plan, breaksTheSame, settings.shrinkAttempts) };
}

process.on("message", (seed: number) => {
  live(seed).then(reply, (error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : null;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    reply({ kind: "failed", seed, reason, code });
  });
});
process.on("disconnect", () => process.exit());
reply({ kind: "ready" });
