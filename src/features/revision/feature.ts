// Revision tokens: who uploaded a key may revise it, and nobody else.

import { join } from "node:path";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { revisionRoutes } from "./admin-api.ts";
import { revisionAheadTables } from "./ahead-queries.ts";
import type { OpenedToken, RevisionDeps } from "./revision-types.ts";
import { rotateTokenKeys } from "./rotate-token-keys.ts";
import { openToken, prepareSealing } from "./seal-token.ts";
import type { TokenEntry } from "./token-form.ts";
import { createTokenKeyRing } from "./token-key-ring.ts";

export const revisionMigrations: MigrationSet = { name: "revision", folder: join(import.meta.dirname, "migrations") };

export interface RevisionFeature {
  /** How to make a token, asked for before anything is stored. Throws `token_key_unavailable`. */
  prepareSealing(now: UnixSeconds): Promise<(entries: readonly TokenEntry[]) => string>;
  /** What a token holds; null when it is none of ours, or too old. Throws `token_key_unavailable`. */
  openToken(token: Uint8Array, now: UnixSeconds): Promise<OpenedToken | null>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export function createRevisionFeature(deps: RevisionDeps): RevisionFeature {
  const ring = createTokenKeyRing(deps);
  return {
    prepareSealing: (now) => prepareSealing(ring, deps.random, now),
    openToken: (token, now) => openToken(ring, token, now),
    ahead: revisionAheadTables,
    routes: revisionRoutes(deps),
    jobs: [
      {
        name: "rotate-token-keys",
        duty: "clean-up",
        everySeconds: 4 * HOUR,
        needs: "destroying",
        run: async (now) => {
          await rotateTokenKeys(deps, now);
        },
      },
    ],
  };
}
