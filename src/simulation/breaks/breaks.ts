// All breaks: each known defect that phones or a follower can notice, and the invariant that has to notice it.

import type { Break } from "./break.ts";
import { FLOW_BREAKS } from "./flow-breaks.ts";
import { SCRIPT_BREAKS } from "./script-breaks.ts";
import { SERVER_BREAKS } from "./server-breaks.ts";

const ALL = [...SERVER_BREAKS, ...FLOW_BREAKS, ...SCRIPT_BREAKS] as const;

export type Defect = (typeof ALL)[number]["name"];

export const BREAKS: readonly (Break & { readonly name: Defect })[] = ALL;
