// Changing how long a location keeps archives.

import type { LocationDeps } from "./location-deps.ts";
import { updateTimes } from "./overview-queries.ts";
import { requireLocation } from "./reconcile-index.ts";
import { requireTimes } from "./require-times.ts";

export interface LocationChange {
  /** For archives that are appended from now on: a listed one keeps the expiry that it was given. */
  readonly retentionSeconds?: number;
  /** For every archive that is still there. */
  readonly graceSeconds?: number;
}

/** What is left out stays. Throws `location_unknown`, `location_settings_invalid`. */
export async function changeLocation(
  deps: Pick<LocationDeps, "database" | "leastRetentionSeconds">,
  name: string,
  change: LocationChange,
): Promise<void> {
  const location = await requireLocation(deps, name);
  const { retentionSeconds = location.retentionSeconds, graceSeconds = location.graceSeconds } = change;
  requireTimes(change, deps.leastRetentionSeconds);
  await updateTimes(deps.database.db, location.id, { retentionSeconds, graceSeconds });
}
