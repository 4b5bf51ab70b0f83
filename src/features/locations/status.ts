// What the server's status says about locations, with three queries however many archives they have.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { type FenceState, fenceOf, nextIndexDueAt } from "./judge-overview.ts";
import { readOverviews } from "./overview-queries.ts";
import type { LocationOverview } from "./overview-types.ts";
import { type SupplierSum, sumSuppliers } from "./status-queries.ts";

export interface LocationStatus {
  readonly overview: LocationOverview;
  readonly fence: FenceState;
  /** From when on the published index has to change. */
  readonly nextIndexDueAt: UnixSeconds | null;
  readonly suppliers: readonly SupplierSum[];
}

/** All locations, by name. */
export async function readLocationStatuses(db: Db): Promise<LocationStatus[]> {
  const overviews = await readOverviews(db);
  const suppliers = Map.groupBy(await sumSuppliers(db), ({ locationId }) => locationId);
  return overviews.map((overview) => ({
    overview,
    fence: fenceOf(overview),
    nextIndexDueAt: nextIndexDueAt(overview),
    suppliers: suppliers.get(overview.id) ?? [],
  }));
}
