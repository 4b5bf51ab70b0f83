// The digest by which both organisations name a plan: the same for YAML and JSON, comments and the order of members.

import type { MigrationPlan } from "./plan-form.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** SHA-256 of the plan as JSON with sorted members, lower-case hex. */
export function planDigest(plan: MigrationPlan): string {
  return sha256Hex(JSON.stringify(sorted(plan)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
