// The switch that a double of a server asks wherever a known defect would make it act otherwise.

import type { Defect } from "../breaks.ts";

/** True for the one defect that is switched on; with none it is a correct server. */
export type Has = (defect: Defect) => boolean;

export function hasOnly(switchedOn: Defect | null): Has {
  return (defect) => defect === switchedOn;
}
