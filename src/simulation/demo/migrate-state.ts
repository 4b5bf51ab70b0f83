// The read-only migration by reseal, lived through: a state, a nation with other regions, four weeks, phones of every kind.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Carried } from "../observe/observed.ts";
import { closeReport } from "./close-report.ts";
import type { DemoOptions, DemoReport } from "./demo-types.ts";
import { endOfRun, TRUNCATE_WINDOW_SECONDS } from "./longest-way.ts";
import { narrateEvents } from "./narrate-events.ts";
import { letRegionReport, OTHER_REGIONS, type Region, STATE_REGION } from "./people-of-regions.ts";
import { slowestPollOf, startFleet, WHOLE_FLEET } from "./phone-fleet.ts";
import {
  createClientLocation,
  createMirror,
  createNationalExport,
  createSecondLocation,
  createSource,
  exportOf,
} from "./set-up-migration.ts";
import { openWorld } from "./world.ts";

const PADDING = { minRecords: 50, paddingRange: 10 };

// A fixed Monday, so that a seed repeats a run; the virtual world needs no present.
const STARTS_AT: UnixSeconds = Date.UTC(2026, 10, 2) / 1_000;

/** When what happens, in seconds from the start, and how many people report. */
export interface Course {
  readonly importAfterSeconds: number;
  readonly switchAfterSeconds: number;
  readonly lastReportAfterSeconds: number;
  /** At the earliest: the last key has to reach the slowest phone. */
  readonly endsAfterSeconds: number;
  readonly peoplePerDay: Readonly<Record<Region, number>>;
}

/** Four weeks, and after the content switch more than the fourteen days that a line stays listed. */
export const WHOLE_COURSE: Course = {
  // Later, and the oldest of the first keys would be too old for the import.
  importAfterSeconds: 2 * DAY,
  switchAfterSeconds: 8 * DAY + 9 * HOUR,
  lastReportAfterSeconds: 25 * DAY,
  endsAfterSeconds: 28 * DAY,
  peoplePerDay: { XX: 32, YY: 10, ZZ: 7, WW: 4 },
};

/** The first windows are published after four hours and the two that every window rests. */
const FIRST_CHECK_SECONDS = 12 * HOUR;

/** Lives through the migration and answers its report; the servers' trees stay in `options.folder`. */
export async function migrateState(options: DemoOptions, course: Course = WHOLE_COURSE): Promise<DemoReport> {
  const { narrator } = options;
  const importAt = STARTS_AT + course.importAfterSeconds;
  const switchAt = STARTS_AT + course.switchAfterSeconds;
  const lastReportAt = STARTS_AT + course.lastReportAfterSeconds;
  const plan = options.fleet ?? WHOLE_FLEET;
  const endsAt = Math.max(
    STARTS_AT + course.endsAfterSeconds,
    endOfRun(latestRelease(lastReportAt), slowestPollOf(plan)),
  );
  await using world = await openWorld({ ...options, startsAt: STARTS_AT, onEvent: narrateEvents(narrator) });
  const clientSeal = await createClientLocation(world, STARTS_AT);
  await world.state.exports.create(exportOf("client", "state-client", STATE_REGION, STARTS_AT, PADDING));
  const nationalSeal = await createNationalExport(world, STARTS_AT, {
    ...PADDING,
    regions: [STATE_REGION, ...OTHER_REGIONS],
  });
  const fleet = startFleet(
    world,
    plan,
    {
      "state-client": {
        seal: clientSeal,
        carries: [{ place: STATE_REGION, from: STARTS_AT }, ...othersFrom(switchAt)],
      },
      national: { seal: nationalSeal, carries: [...othersFrom(STARTS_AT), { place: STATE_REGION, from: importAt }] },
    },
    STARTS_AT + FIRST_CHECK_SECONDS,
    endsAt,
  );
  await using authorities = new AsyncDisposableStack();
  const reporting = { from: STARTS_AT, until: lastReportAt, rotatesAt: switchAt };
  for (const region of [STATE_REGION, ...OTHER_REGIONS]) {
    const server = region === STATE_REGION ? world.state : world.nation;
    authorities.use(await letRegionReport(world, server, region, course.peoplePerDay[region], reporting));
  }

  const live = async (title: string, until: UnixSeconds) => {
    narrator.stage(`Day ${Math.floor((world.clock.now() - STARTS_AT) / DAY)}: ${title}`);
    await world.runner.runUntil(until, (now) => {
      const fraction = (now - STARTS_AT) / (endsAt - STARTS_AT);
      narrator.progress({ fraction, now, keys: world.ledger.entered.size, checks: world.checks.count });
    });
  };

  await live("each server serves its own phones", importAt);
  const secondSeal = await createSecondLocation(world, importAt);
  const second = exportOf("second", "state-second", STATE_REGION, importAt, PADDING);
  await world.state.exports.create({ ...second, backfillSeconds: 14 * DAY });
  await createSource(world, STATE_REGION, `${world.state.publicUrl}/state-second`, secondSeal, importAt + 2 * HOUR);

  await live("the nation imports the state's keys; phones of the state see no change", switchAt);
  await createMirror(world, STATE_REGION, nationalSeal, switchAt);

  await live("the mirror begins; phones of the state get the keys of every region", lastReportAt);
  await live("nobody reports any more; the last keys reach every phone", endsAt);

  return await closeReport(world, {
    demo: "migration",
    ...options,
    startsAt: STARTS_AT,
    fleet,
    stateExports: ["client", "second"],
    hasMirror: true,
    refusalsExpected: false,
  });
}

/** Of keys that are reported before `lastReportAt`: today's may run until midnight. */
function latestRelease(lastReportAt: UnixSeconds): UnixSeconds {
  return Math.ceil(lastReportAt / DAY) * DAY + TRUNCATE_WINDOW_SECONDS;
}

function othersFrom(from: UnixSeconds): Carried[] {
  return OTHER_REGIONS.map((place) => ({ place, from }));
}
