// Which platform a request comes from, for the statistics (KS 3.14).

import type { Platform } from "../stats/stats-types.ts";

/** Android is tested first. */
export function platformOf(userAgent: string | undefined): Platform {
  const agent = (userAgent ?? "").toLowerCase();
  if (agent.includes("android")) return "android";
  if (agent.includes("iphone") || (agent.includes("bluetoothd") && agent.includes("cfnetwork"))) return "ios";
  return "unknown";
}
