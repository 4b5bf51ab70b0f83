// The people of a region: their verification server, their app at the key server that takes it, and their reports.

import type { OpenServer } from "../../app/open-memory-server.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { letReport } from "../people/let-report.ts";
import { inventPeople } from "../people/people.ts";
import { openUploadSite } from "../people/upload-site.ts";
import { startVerificationServer, type VerificationServer } from "../people/verification-server.ts";
import type { World } from "./world.ts";

export type Region = "XX" | "YY" | "ZZ" | "WW";
export const STATE_REGION: Region = "XX";
/** Those that the nation serves. */
export const OTHER_REGIONS: readonly Region[] = ["YY", "ZZ", "WW"];

export interface Reporting {
  readonly from: UnixSeconds;
  readonly until: UnixSeconds;
  /** When the signing keys of verification servers change. */
  readonly rotatesAt: UnixSeconds;
}

/** Opens the verification server, which the caller closes; the ledger calls the place as the region is called. */
export async function letRegionReport(
  world: World,
  server: OpenServer,
  region: Region,
  peoplePerDay: number,
  { from, until, rotatesAt }: Reporting,
): Promise<VerificationServer> {
  const issuer = `health.${region.toLowerCase()}`;
  const authority = await startVerificationServer({
    issuer,
    clock: world.clock,
    random: world.random.fork(`codes of ${issuer}`),
    rotatesAt,
    // One authority publishes its keys as the reference wants them, the others as the standard does (KS 4.6).
    jwksForm: region === STATE_REGION ? "list" : "object",
  });
  const site = await openUploadSite(server, server.publicUrl, authority, region);
  const people = inventPeople(world.random.fork(`people of ${region}`), from, until, peoplePerDay);
  letReport(world, region, site, people);
  return authority;
}
