// The judgement of a part together with what the watch has found about it.

import type { Alarm } from "../../features/watch/watch-types.ts";
import { broken, type Freshness, freshnessOf, late, worst } from "./freshness.ts";

/** `name` null: whatever its name is. */
export type Alarmed = (kind: Alarm["kind"], name: string | null, fresh: Freshness) => Freshness;

export function alarmedBy(alarms: readonly Alarm[]): Alarmed {
  return (kind, name, fresh) => {
    const about = alarms.filter((alarm) => alarm.kind === kind && (name === null || alarm.name === name));
    const found = freshnessOf(about.map(({ state, reason }) => (state === "broken" ? broken(reason) : late(reason))));
    const [first, second] = found.state === "broken" ? [found, fresh] : [fresh, found];
    return {
      state: worst([fresh.state, found.state]),
      reasons: [...new Set([...first.reasons, ...second.reasons])],
    };
  };
}
