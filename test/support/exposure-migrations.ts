// The tables of the exposures feature, for tests of features that save keys.

import { fileURLToPath } from "node:url";
import type { MigrationSet } from "../../src/platform/database/migrate.ts";

export const exposureMigrations: MigrationSet = {
  name: "exposures",
  folder: fileURLToPath(new URL("../../src/features/exposures/migrations", import.meta.url)),
};
