// Lets people report over weeks: their phones upload, many at once, and what was acknowledged is entered in the ledger.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { releaseTime } from "../../core/release-time.ts";
import type { VirtualRunner } from "../../platform/jobs/virtual-runner.ts";
import type { SeededRandom } from "../../platform/random/seeded-random.ts";
import { expectedKeys } from "./expected-keys.ts";
import type { KeyLedger } from "./key-ledger.ts";
import type { Person } from "./people.ts";
import type { UploadSite } from "./upload-site.ts";
import { createUploadingPhone, type UploadingPhone, type UploadTotals } from "./uploading-phone.ts";

/** Where people report. */
export interface ReportingWorld {
  readonly random: SeededRandom;
  readonly runner: Pick<VirtualRunner, "at">;
  readonly ledger: KeyLedger;
  readonly uploads: UploadTotals;
  /** How the phone of that name reaches servers. */
  readonly network: (phone: string) => typeof fetch;
}

const TRUNCATE_WINDOW_SECONDS = HOUR;
/** As many uploads of one region are under way at once. */
const IN_FLIGHT = 32;
/** One upload in so many is followed by chaff. */
const CHAFF_EVERY = 4;

interface Errand {
  readonly at: UnixSeconds;
  readonly run: (now: UnixSeconds) => Promise<void>;
}

/** Puts reports and revisions into the world's course; `place` is where the ledger says that the keys were entered. */
export function letReport(world: ReportingWorld, place: string, site: UploadSite, people: readonly Person[]): void {
  const random = world.random.fork(`chaff in ${place}`);
  const errands = people.flatMap((person, index) => {
    const network = world.network(`${place} ${index}`);
    const own = errandsOf(world, place, site, person, createUploadingPhone(network, world.uploads));
    // From the phone of somebody who reports nothing.
    const bystander = createUploadingPhone(world.network(`${place} ${index}, chaff`), world.uploads);
    const chaff = ({ at }: Errand): Errand => ({ at, run: () => bystander.sendChaff(site) });
    return own.flatMap((errand) => (random.integer(CHAFF_EVERY - 1) === 0 ? [errand, chaff(errand)] : errand));
  });
  // Phones run such tasks together, so that servers may share commits among them.
  const byHour = Map.groupBy(errands, ({ at }) => Math.floor(at / HOUR));
  for (const together of byHour.values()) {
    const at = Math.max(...together.map((errand) => errand.at));
    world.runner.at(at, `uploads in ${place}`, (now) => carryOut(together, now));
  }
}

function errandsOf(
  world: ReportingWorld,
  place: string,
  site: UploadSite,
  person: Person,
  phone: UploadingPhone,
): Errand[] {
  const { reportsAt, reportType, revision } = person;
  let hasReported = false;
  const report = async (now: UnixSeconds) => {
    hasReported = await phone.upload(site, person, reportType);
    if (!hasReported) return;
    world.ledger.enter(expectedKeys(person, reportType, now), {
      at: place,
      enteredAt: now,
      releasedAt: (key) => releaseTime(key, now, { truncateWindowSeconds: TRUNCATE_WINDOW_SECONDS }),
    });
  };
  if (revision === null) return [{ at: reportsAt, run: report }];
  const revise = async (now: UnixSeconds) => {
    if (!hasReported || !(await phone.upload(site, person, revision.reportType))) return;
    world.ledger.revise(expectedKeys(person, revision.reportType, now), now);
  };
  return [
    { at: reportsAt, run: report },
    { at: revision.at, run: revise },
  ];
}

async function carryOut(errands: readonly Errand[], now: UnixSeconds): Promise<void> {
  const waiting = errands.values();
  const work = async () => {
    for (const { run } of waiting) await run(now);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}
