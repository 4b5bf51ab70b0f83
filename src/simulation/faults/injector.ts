// Lets planned faults strike at effects, and counts what struck where.

import type { Clock } from "../../core/clock.ts";
import type { EffectFault, EffectFaultKind, FaultKind, Operation } from "./fault.ts";

export interface Effect {
  readonly site: string;
  readonly operation: Operation;
  /** The job or other activity that it belongs to. */
  readonly activity: string;
}

export interface Injector {
  /** What strikes at this effect; null: nothing. */
  meet(effect: Effect): EffectFaultKind | null;
  /** Notes a fault that the world itself carried out. */
  note(kind: FaultKind, where: string): void;
  /** From now on effects count, and faults strike. */
  wake(): void;
  /** From now on nothing strikes. */
  rest(): void;
  /** Kind -> how often. */
  readonly struck: ReadonlyMap<FaultKind, number>;
  /** "site activity operation kind" -> how often. */
  readonly struckAt: ReadonlyMap<string, number>;
  /** "site activity operation" -> how often it happened, struck or not. */
  readonly effects: ReadonlyMap<string, number>;
}

export function createInjector(faults: readonly EffectFault[], clock: Clock): Injector {
  const waiting = faults.map((fault) => ({ fault, passes: fault.passes }));
  const struck = new Map<FaultKind, number>();
  const struckAt = new Map<string, number>();
  const effects = new Map<string, number>();
  let isAwake = false;

  const matches = ({ fault }: (typeof waiting)[number], effect: Effect) =>
    fault.site === effect.site &&
    fault.operation === effect.operation &&
    (fault.activity === null || fault.activity === effect.activity) &&
    fault.notBefore <= clock.now();

  const note = (kind: FaultKind, where: string) => {
    increase(struck, kind);
    increase(struckAt, `${where} ${kind}`);
  };

  return {
    struck,
    struckAt,
    effects,
    note,
    wake: () => {
      isAwake = true;
    },
    rest: () => {
      waiting.splice(0);
    },
    meet(effect) {
      if (!isAwake) return null;
      const where = nameOf(effect);
      increase(effects, where);
      const at = waiting.findIndex((one) => matches(one, effect));
      const found = waiting[at];
      if (found === undefined || found.passes-- > 0) return null;
      waiting.splice(at, 1);
      note(found.fault.kind, where);
      return found.fault.kind;
    },
  };
}

export function nameOf({ site, activity, operation }: Effect): string {
  return `${site} ${activity} ${operation}`;
}

function increase<Name>(counts: Map<Name, number>, name: Name): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
