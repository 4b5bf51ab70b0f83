// Servers that we follow: what sources and mirrors share.

import { join } from "node:path";
import type { MigrationSet } from "../../platform/database/migrate.ts";

export const upstreamMigrations: MigrationSet = { name: "upstreams", folder: join(import.meta.dirname, "migrations") };
