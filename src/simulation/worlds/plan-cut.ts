// A part of a drawn world: what is left of its time, its phones and its faults. A few words repeat it.

import { HOUR } from "../../core/clock.ts";
import type { WorldPlan } from "./world-plan.ts";

export interface PlanCut {
  /** For how many hours people report; null: as drawn. */
  readonly hours: number | null;
  /** Positions in the drawn plan; null: all. */
  readonly phones: readonly number[] | null;
  readonly faults: readonly number[] | null;
}

export const WHOLE: PlanCut = { hours: null, phones: null, faults: null };

export function applyCut(plan: WorldPlan, { hours, phones, faults }: PlanCut): WorldPlan {
  return {
    ...plan,
    reportingSeconds: hours === null ? plan.reportingSeconds : Math.min(plan.reportingSeconds, hours * HOUR),
    phones: phones === null ? plan.phones : plan.phones.filter((_, at) => phones.includes(at)),
    faults: faults === null ? plan.faults : plan.faults.filter((_, at) => faults.includes(at)),
  };
}

/** Such as `hours=12,phones=0,faults=2+5`; the empty text for the whole. */
export function formatCut({ hours, phones, faults }: PlanCut): string {
  return [
    ...(hours === null ? [] : [`hours=${hours}`]),
    ...(phones === null ? [] : [`phones=${phones.join("+")}`]),
    ...(faults === null ? [] : [`faults=${faults.join("+")}`]),
  ].join(",");
}

/** The other way round; null where the text says something else. */
export function parseCut(text: string): PlanCut | null {
  if (text === "") return WHOLE;
  const found = new Map<string, readonly number[]>();
  for (const part of text.split(",")) {
    const [, name, list] = /^(hours|phones|faults)=([0-9]{1,4}(?:\+[0-9]{1,4})*)?$/.exec(part) ?? [];
    if (name === undefined || found.has(name)) return null;
    found.set(name, list === undefined ? [] : list.split("+").map(Number));
  }
  const [hours, ...more] = found.get("hours") ?? [null];
  if (hours === undefined || more.length > 0) return null;
  return { hours, phones: found.get("phones") ?? null, faults: found.get("faults") ?? null };
}
