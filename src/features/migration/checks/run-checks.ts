// All checks of a plan over what was read from outside, with the waivers of the plan.

import type { Proof } from "../../../proof/prove-coverage.ts";
import type { MigrationPlan } from "../plan-form.ts";
import type { CheckResult, PlanCheck, Seen, SeenTree } from "./check-types.ts";
import { PLAN_CHECKS } from "./plan-checks.ts";
import { TREE_CHECKS } from "./tree-checks.ts";

export const CHECKS: readonly PlanCheck[] = [...TREE_CHECKS, ...PLAN_CHECKS];

/** In the order of `CHECKS`. A waiver of a check that passes changes nothing. */
export function runChecks(plan: MigrationPlan, proof: Proof): CheckResult[] {
  const seen = seenOf(plan, proof);
  return CHECKS.map(({ name, holds, remedy, run }): CheckResult => {
    const findings = run(seen);
    const waiver = plan.waived?.find(({ check }) => check === name);
    if (findings.length === 0) return { name, outcome: "pass", holds, findings, remedy: null, waiver: null };
    if (waiver === undefined) return { name, outcome: "fail", holds, findings, remedy, waiver: null };
    return { name, outcome: "waived", holds, findings, remedy, waiver: `${waiver.reason} (${waiver.by})` };
  });
}

/** The client location comes first. */
function seenOf(plan: MigrationPlan, { report, archives }: Proof): Seen {
  const readings = [...report.state, ...report.places.flatMap(({ trees }) => trees)];
  const { state, nation } = plan;
  const planned = [
    { side: "state" as const, planned: state.client },
    ...(state.second === undefined ? [] : [{ side: "state" as const, planned: state.second }]),
    ...nation.exports.map((tree) => ({ side: "nation" as const, planned: tree })),
  ];
  const trees = planned.flatMap((tree): SeenTree[] => {
    const reading = readings.find(({ name }) => name === tree.planned.name);
    if (reading === undefined) return [];
    return [{ ...tree, reading, archives: onceEach(archives.filter(({ tree: name }) => name === reading.name)) }];
  });
  return { plan, trees, coverage: report, now: report.at };
}

/** The client location is read twice where it is also a place in which keys are looked for. */
function onceEach(archives: SeenTree["archives"]): SeenTree["archives"] {
  const lines = new Set<string>();
  return archives.filter(({ line }) => !lines.has(line) && lines.add(line));
}
