// A server whose clock is wrong for a while and then right, two days of life after that, and what was lost by it.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../src/core/clock.ts";
import { makeAuthority } from "../certificates.ts";
import { RIGHT, type WrongClock } from "./clock-machine.ts";
import { makeReport, type Way } from "./clock-people.ts";
import {
  type ClockWorld,
  GROWN_UP,
  LOCATIONS,
  listAwaited,
  listKeys,
  look,
  RETENTION_SECONDS,
  upload,
} from "./clock-world.ts";
import { goneRows, type LastingRows, readLastingRows } from "./lasting-rows.ts";

/**
 * A clock that is believed, wrong as it is, turns uploads away for good and assumes onsets; what it took, and what was still to be published,
 * must come to phones all the same.
 */
export function withoutJudgements({ losses }: Pick<Lived, "losses">): string[] {
  return losses.filter((loss) => !/: (401 health_authority|400 (bad_request|partly)|\d+ keys lie wrongly)/.test(loss));
}

/** A time in which the clock is wrong; all jobs run some times in it, and people upload. */
export interface Phase {
  readonly clock: WrongClock;
  /** Of the database's machine, where that is another one. */
  readonly databaseClock?: WrongClock;
  /** Forty minutes unless given. */
  readonly seconds?: number;
  readonly rounds?: number;
  /** Whether it begins with a start, or strikes a process that runs. */
  readonly begins?: "started" | "running";
}

export interface Course {
  readonly phases: readonly Phase[];
  /** `restarted`: the server is stopped, the clock set right, and it is started; `running`: the clock is set right while it runs. */
  readonly ends?: "restarted" | "running";
  /** Whether upstreams tell the right time. */
  readonly upstreamsTellTime?: boolean;
  /** The one command of the operator, once the clock is right. */
  readonly command?: (world: ClockWorld) => Promise<unknown>;
}

export interface Lived {
  /** What was not published, taken or listed for good, in words. */
  readonly losses: string[];
  /** What went before its time, and came to nobody's harm who looks often enough. */
  readonly early: string[];
  /** The codes with which starts with a wrong clock were refused. */
  readonly refusedWith: readonly string[];
}

const MOMENT: readonly Way[] = ["certified for a day", "by the open app"];

/** In a world that was just reset. `rows` are those of that moment. */
export async function liveWrongly(world: ClockWorld, course: Course, rows: LastingRows): Promise<Lived> {
  const { truth, machine } = world;
  const [losses, early, refusedWith]: [string[], string[], string[]] = [[], [], []];
  machine.upstreamsTell = course.upstreamsTellTime === true ? [RIGHT] : [];
  for (const [at, phase] of course.phases.entries()) {
    const refusal = await beginPhase(world, phase, at);
    if (refusal === null) await livePhase(world, phase, at, early);
    else {
      refusedWith.push(refusal);
      truth.advance(phase.seconds ?? 40 * MINUTE);
    }
  }
  machine.tells = RIGHT;
  machine.databaseTells = machine.databaseTells && RIGHT;
  if (course.ends !== "running" || !machine.isRunning) {
    machine.stop();
    truth.advance(MINUTE);
    const refusal = await machine.tryToStart();
    if (refusal !== null) return { losses: [`a start with a right clock is refused: ${refusal}`], early, refusedWith };
  }
  await machine.runJobs();
  early.push(...goneRows(rows, await readLastingRows(world.database, truth.now())));
  await course.command?.(world);
  await liveOn(world, { losses, early });
  losses.push(...judge(world));
  return { losses, early, refusedWith };
}

/** Answers the code of a start that is refused. */
async function beginPhase(world: ClockWorld, phase: Phase, at: number): Promise<string | null> {
  const { machine, truth } = world;
  if (phase.begins === "running" && !machine.isRunning) {
    const refusal = await machine.tryToStart();
    if (refusal !== null) return refusal;
    await machine.runJobs();
    truth.advance(MINUTE);
  }
  machine.tells = phase.clock;
  machine.databaseTells = phase.databaseClock ?? null;
  if (phase.begins === "running") return null;
  machine.stop();
  if (at > 0) truth.advance(MINUTE);
  return machine.tryToStart();
}

async function livePhase(world: ClockWorld, phase: Phase, at: number, early: string[]): Promise<void> {
  const { truth, machine } = world;
  const { seconds = 40 * MINUTE, rounds = 5 } = phase;
  const since = truth.now();
  for (let round = 0; round < rounds; round++) {
    truth.set(since + Math.floor((seconds / rounds) * (round + 1)));
    // Minutes pass, and the process looks at its clock in each.
    await machine.watch.look();
    for (const way of round % 5 === 0 ? [...MOMENT, "certified" as const] : MOMENT) {
      const report = makeReport(`${at}.${round} ${way}`, truth, {
        way,
        later: way === "certified" ? "confirmed" : null,
      });
      await upload(world, report);
    }
    if (round === 0) await reviseOne(world);
    if (round % 5 === 1) await listKeys(world, round === 1);
    await machine.runJobs();
    await lookClosely(world, early);
  }
}

/** Two days: people report and repeat what was put off, a revision's original arrives, the authority changes its key. */
export async function liveOn(world: ClockWorld, { losses, early }: Pick<Lived, "losses" | "early">): Promise<void> {
  const { truth, machine } = world;
  const rightAt = truth.now();
  for (let round = 0; round < 8; round++) {
    truth.set(rightAt + round * 6 * HOUR + 10 * MINUTE);
    await machine.runJobs();
    if (round % 2 === 1) await upload(world, makeReport(`right ${round}`, truth));
    await repeatUploads(world);
    if (round === 1) await listKeys(world);
    if (round === 2) await listAwaited(world);
    if (round === 3) {
      world.authority = makeAuthority(world.authority.iss, "v2", world.authority.aud);
      await machine.runJobs(["refresh-jwks"]);
    }
    if (round === 4) for (const report of world.reports) if (report.later !== null) await reviseIfDue(world, report);
    await lookClosely(world, early);
  }
  truth.set(rightAt + 2 * DAY);
  const failed = machine.failures.length;
  await machine.runJobs();
  losses.push(...machine.failures.slice(failed).map(({ job, code }) => `two days later ${job} fails: ${code}`));
  await lookClosely(world, early);
  if (machine.clock.trust().doubt !== null) losses.push("two days later the clock is still in doubt");
}

async function repeatUploads(world: ClockWorld): Promise<void> {
  for (const report of world.reports) if (!report.isAcknowledged) await upload(world, report);
}

/** Of somebody who reported before the clock was wrong. */
async function reviseOne(world: ClockWorld): Promise<void> {
  const report = world.reports.findLast(({ isAcknowledged, later }) => isAcknowledged && later !== null);
  if (report !== undefined) await reviseIfDue(world, report);
}

/** Tests of everybody of the last days are confirmed. */
async function reviseIfDue(world: ClockWorld, report: ClockWorld["reports"][number]): Promise<void> {
  if (report.isAcknowledged && !report.isRevised && isRecent(report.name)) await upload(world, report);
}

function isRecent(name: string): boolean {
  const [, day] = /^day (\d+)$/.exec(name) ?? [];
  return day === undefined || Number(day) >= 12;
}

/** Notes lines that are gone before their time, once for each location and look. */
async function lookClosely(world: ClockWorld, problems: string[]): Promise<void> {
  await look(world);
  const now = world.truth.now();
  for (const name of LOCATIONS) {
    const listed = new Set(world.followers.get(name)?.lines);
    const early = [...(world.firstSeen.get(name) ?? [])].filter(
      ([line, since]) => !listed.has(line) && now < since + RETENTION_SECONDS,
    );
    const [first] = early;
    if (first === undefined) continue;
    problems.push(`${name}: ${early.length} lines are gone early at ${ageOf(now)}, one of ${ageOf(first[1])}`);
    for (const [line] of early) world.firstSeen.get(name)?.delete(line);
  }
}

/** In the end, what is missing of what was owed. */
export function judge({ followers, owed, reports }: ClockWorld): string[] {
  return [
    ...reports.flatMap(({ name, isAcknowledged, refusals }) => [
      ...refusals,
      ...(isAcknowledged ? [] : [`${name}: it was never taken`]),
    ]),
    ...LOCATIONS.flatMap((name) => {
      const follower = followers.get(name);
      if (follower === undefined) return [`${name} has no follower`];
      const held = follower.keys;
      const lost = [...owed.keys[name]].filter((keyHex) => !follower.sawPrimary(keyHex));
      const stale = [...owed.keys[name]].filter(
        (keyHex) =>
          held.has(keyHex) && owed.types.has(keyHex) && held.get(keyHex)?.reportType !== owed.types.get(keyHex),
      );
      // A day more or less is between two ends of the same day.
      const displaced = [...owed.onsetDays].filter(
        ([keyHex, days]) => Math.abs((held.get(keyHex)?.daysSinceOnset ?? days) - days) > 1,
      );
      return [
        ...(displaced.length === 0 ? [] : [`${name}: ${displaced.length} keys lie wrongly from their onset`]),
        ...follower.problems.map((problem) => `${name}: ${problem}`),
        ...(lost.length === 0 ? [] : [`${name}: ${lost.length} keys of ${owed.keys[name].size} were never published`]),
        ...(stale.length === 0 ? [] : [`${name}: ${stale.length} revisions were never published`]),
      ];
    }),
  ];
}

/** Since the clock became wrong. */
function ageOf(at: UnixSeconds): string {
  return `${((at - GROWN_UP) / DAY).toFixed(2)} d`;
}
