// What publishes at a location: exports that have not ended, and mirrors.

import type { UnixSeconds } from "../core/clock.ts";
import type { ExportFeature } from "../features/export/feature.ts";
import type { Feeder } from "../features/locations/location-types.ts";
import type { MirrorFeature } from "../features/mirror/feature.ts";
import type { Database } from "../platform/database/database.ts";

/** At the instant `at`, as far as it is settled now. */
export async function readFeeders(
  {
    exports,
    mirrors,
  }: { readonly exports: Pick<ExportFeature, "status">; readonly mirrors: Pick<MirrorFeature, "status"> },
  database: Database,
  location: string,
  at: UnixSeconds,
): Promise<Feeder[]> {
  const exporting = (await exports.status(database, at))
    .filter(({ config }) => config.location === location && config.endedAt === null)
    .filter(({ config: { thru } }) => thru === null || thru > at);
  const mirroring = (await mirrors.status(database)).filter(
    ({ mirror }) => mirror.location === location && mirror.endedAt === null,
  );
  return [
    ...exporting.map(({ config: { name } }): Feeder => ({ kind: "export", name, signs: true })),
    ...mirroring.map(({ mirror: { name, method } }): Feeder => ({ kind: "mirror", name, signs: method === "reseal" })),
  ];
}
