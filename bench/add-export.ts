// Exports for benchmarks.

import { HOUR } from "../src/core/clock.ts";
import type { BenchServer } from "./bench-server.ts";

/** An export, hourly by default, of its own name to a location of its own. */
export async function addExport(server: BenchServer, name: string, from: number, periodSeconds = HOUR): Promise<void> {
  await server.signingKeys.create(name);
  const seal = { signingKey: name, keyId: "999", keyVersion: "v1", from: 0 };
  await server.locations.create({ name, seal });
  await server.exports.create({
    name,
    location: name,
    region: "XX",
    filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "region" },
    periodSeconds,
    from,
    thru: null,
    backfillSeconds: 0,
    maxRecords: 500_000,
    minRecords: 0,
    paddingRange: 0,
  });
}
