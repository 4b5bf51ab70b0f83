// The read-only migration by reseal, lived through: a state, a nation, three weeks, and phones that notice nothing.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { letReport } from "../people/let-report.ts";
import { inventPeople } from "../people/people.ts";
import { openUploadSite } from "../people/upload-site.ts";
import { startVerificationServer, type VerificationServer } from "../people/verification-server.ts";
import { closeReport } from "./close-report.ts";
import type { DemoOptions, DemoReport } from "./demo-types.ts";
import { narrateEvents } from "./narrate-events.ts";
import { createFleet, startFleet } from "./phone-fleet.ts";
import {
  createClientLocation,
  createMirror,
  createNationalExport,
  createSecondLocation,
  createSource,
  exportOf,
} from "./set-up-migration.ts";
import { openWorld, type World } from "./world.ts";

const STATE_REGION = "XX";
const OTHER_REGION = "YY";
const PADDING = { minRecords: 100, paddingRange: 20 };

// A fixed Monday, so that a seed repeats a run; the virtual world needs no present.
const STARTS_AT: UnixSeconds = Date.UTC(2026, 10, 2) / 1_000;

/** When what happens, in seconds from the start, and how many people report a day in each region. */
export interface Course {
  readonly importAfterSeconds: number;
  readonly switchAfterSeconds: number;
  readonly lastReportAfterSeconds: number;
  readonly endsAfterSeconds: number;
  readonly statePeoplePerDay: number;
  readonly otherPeoplePerDay: number;
}

/** Three weeks, more than the fourteen days that a line stays listed. */
export const WHOLE_COURSE: Course = {
  importAfterSeconds: DAY,
  switchAfterSeconds: 6 * DAY + 9 * HOUR,
  lastReportAfterSeconds: 18 * DAY,
  endsAfterSeconds: 21 * DAY,
  statePeoplePerDay: 60,
  otherPeoplePerDay: 40,
};

/** Lives through the migration and answers its report; the servers' trees stay in `options.folder`. */
export async function migrateState(options: DemoOptions, course: Course = WHOLE_COURSE): Promise<DemoReport> {
  const { narrator } = options;
  const importAt = STARTS_AT + course.importAfterSeconds;
  const switchAt = STARTS_AT + course.switchAfterSeconds;
  const lastReportAt = STARTS_AT + course.lastReportAfterSeconds;
  const endsAt = STARTS_AT + course.endsAfterSeconds;
  await using world = await openWorld({ ...options, startsAt: STARTS_AT, onEvent: narrateEvents(narrator) });
  const clientSeal = await createClientLocation(world, STARTS_AT);
  await world.state.exports.create(exportOf("client", "state-client", STATE_REGION, STARTS_AT, PADDING));
  const nationalSeal = await createNationalExport(world, STARTS_AT, {
    ...PADDING,
    regions: [STATE_REGION, OTHER_REGION],
  });
  const fleet = createFleet(world, clientSeal, nationalSeal);
  // The first windows are published after four hours and the two that every window rests.
  startFleet(world, fleet, STARTS_AT + 12 * HOUR, endsAt);
  await using stateAuthority = await openAuthority(world, "state", "list", switchAt);
  await using nationAuthority = await openAuthority(world, "nation", "object", switchAt);
  const stateSite = await openUploadSite(world.state, stateAuthority, STATE_REGION);
  const nationSite = await openUploadSite(world.nation, nationAuthority, OTHER_REGION);
  const people = world.random.fork("people");
  letReport(world, "state", stateSite, inventPeople(people, STARTS_AT, lastReportAt, course.statePeoplePerDay));
  letReport(world, "nation", nationSite, inventPeople(people, STARTS_AT, lastReportAt, course.otherPeoplePerDay));

  const live = async (title: string, until: UnixSeconds) => {
    const from = world.clock.now();
    narrator.stage(title);
    await world.runner.runUntil(until, (now) => narrator.progress((now - from) / (until - from), now));
  };

  await live("planned: the state serves its own phones, the nation another region's", importAt);
  const secondSeal = await createSecondLocation(world, importAt);
  const second = exportOf("second", "state-second", STATE_REGION, importAt, PADDING);
  await world.state.exports.create({ ...second, backfillSeconds: 14 * DAY });
  await createSource(world, STATE_REGION, `${world.state.publicUrl}/state-second`, secondSeal, importAt + 2 * HOUR);
  narrator.event(importAt, "the state exports to its second location, the last 14 days first; the nation imports");

  await live("importing: the nation carries the state's keys, the state's phones see no change", switchAt);
  await createMirror(world, STATE_REGION, nationalSeal, switchAt);
  narrator.event(switchAt, "content switch: the mirror feeds the client location behind the state's own lines");

  await live("content switched: the state's phones receive every region", lastReportAt);
  await live("drain: the last reports reach every phone", endsAt);

  return await closeReport(world, {
    demo: "migration",
    ...options,
    startsAt: STARTS_AT,
    fleet,
    stateExports: ["client", "second"],
    hasMirror: true,
    refusalsExpected: false,
    rulesFor: ({ follows }) => ({
      expects: () => true,
      opensAt: ({ at }) =>
        follows === "state-client" ? (at === "state" ? 0 : switchAt) : at === "nation" ? 0 : importAt,
    }),
  });
}

/** The verification server of a region, whose signing key changes when the content switches. */
function openAuthority(
  { clock, random }: World,
  place: string,
  jwksForm: "list" | "object",
  rotatesAt: UnixSeconds,
): Promise<VerificationServer> {
  const issuer = `health.${place}`;
  return startVerificationServer({ issuer, clock, random: random.fork(`codes of ${issuer}`), rotatesAt, jwksForm });
}
