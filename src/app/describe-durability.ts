// What a database survives, in words for operators.

import type { Database } from "../platform/database/database.ts";

export function describeDurability(kind: Database["kind"]): string {
  return kind === "embedded"
    ? "survives a killed process, but not a power cut: not for production"
    : "survives a killed process and a power cut, as PostgreSQL is set up";
}
