// Uploads, revisions, hours that pass, exports that run, fail or run twice, seals, stretches and successors.

import * as fc from "fast-check";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { changeExport } from "../../src/features/export/manage-configs.ts";
import { readConfigs } from "../../src/features/export/queries.ts";
import { requestBackfill } from "../../src/features/export/request-backfill.ts";
import { type ExportWorld, runExport } from "../support/export-world.ts";
import { type IndexFollower, namesOf } from "../support/index-follower.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type ExportModel, GRACE, RETENTION, type SavedKey } from "./export-model.ts";
import { anyFailure, FailingProcess, type Failure, nameFailure, untilDeath } from "./failing-process.ts";
import { type Command, command } from "./live-through.ts";

export interface ExportReal {
  readonly world: ExportWorld;
  /** Trusts all seals there will be. */
  readonly follower: IndexFollower;
}

type Step = Command<ExportModel, ExportReal>;

const MOST_SECONDS = 8 * DAY;
/** Small, so that windows have several archives. */
export const SIZES = { maxRecords: 3, minRecords: 0, paddingRange: 0 };
/** Of seals; the first is in force from the beginning. */
export const VERSIONS = ["v1", "v2", "v3"];
const { likely, confirmed, revoked } = ReportType;

export const exportCommands: readonly fc.Arbitrary<Step>[] = [
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom("XX" as const, "XX" as const, "YY" as const), fc.boolean())
    .map(upload),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom("XX" as const, "XX" as const, "YY" as const), fc.boolean())
    .map(upload),
  fc.tuple(fc.nat(30), fc.constantFrom(confirmed, revoked)).map(revise),
  fc.constantFrom(MINUTE, 20 * MINUTE, HOUR, HOUR, 3 * HOUR, DAY).map(wait),
  fc.constantFrom(MINUTE, 20 * MINUTE, HOUR, HOUR, 3 * HOUR, DAY).map(wait),
  fc.constant(run()),
  fc.constant(run()),
  anyFailure.map(runAndFail),
  fc.constant(runTwice()),
  fc.constant(rotateSeal()),
  fc.constant(widen()),
  fc.constant(succeed()),
];

function upload([count, region, isRunning]: [number, "XX" | "YY", boolean]): Step {
  return command({
    name: `${count} keys of ${region} that ${isRunning ? "still run" : "have ended"}`,
    async take(model, { world }) {
      const today = model.now - (model.now % DAY);
      const day = isRunning ? today : today - DAY;
      const first = model.keys.length;
      const primaries = makeKeys(first, count, { reportType: likely, rollingStart: day / 600 });
      await world.save({ regions: [region], primaries }, model.now);
      for (const [at, hex] of namesOf(primaries).entries()) {
        const released = model.releaseOf(day);
        const unrevised = { revision: null, wasRevisedFirst: false, isPublished: false };
        model.keys.push({ name: first + at, hex, region, day, released, original: likely, ...unrevised });
      }
    },
  });
}

function revise([place, type]: [number, ReportType]): Step {
  const keyIn = ({ keys }: Readonly<ExportModel>) => keys[place % Math.max(1, keys.length)];
  return command({
    name: `key ${place} becomes ${type === revoked ? "revoked" : "confirmed"}`,
    may: (model) => keyIn(model)?.revision === null,
    async take(model, { world }) {
      const key = keyIn(model);
      if (key === undefined) return;
      const revised = makeKeys(key.name, 1, { reportType: type, rollingStart: key.day / 600 });
      await world.save({ regions: [key.region], revised }, model.now);
      key.revision = { type, released: model.releaseOf(key.day) };
      key.wasRevisedFirst = model.isUncertain ? null : !key.isPublished;
    },
  });
}

function wait(seconds: number): Step {
  return command({
    name: `${seconds / 60} minutes pass`,
    // What was never listed must not expire meanwhile.
    may: ({ now, firstAttemptAt }) =>
      now + seconds - START <= MOST_SECONDS && now + seconds < (firstAttemptAt ?? now) + RETENTION,
    async take(model) {
      model.now += seconds;
    },
  });
}

function run(): Step {
  return command({ name: "run", take: runNow });
}

function runAndFail(failure: Failure): Step {
  return command({
    name: `a run ${nameFailure(failure)}`,
    async take(model, real) {
      const { world } = real;
      const process = new FailingProcess(failure);
      const database = process.database(world.database);
      const locations = world.anotherFeature({ database, blobs: process.blobs(world.blobs) });
      model.noteAttempt();
      await untilDeath(() => runExport(world.anotherExporter({ database, locations }), model.now));
      await untilDeath(async () => {
        for (const job of locations.jobs) await job.run(model.now);
      });
      await lookAfterTrouble(model, real);
    },
  });
}

function runTwice(): Step {
  return command({
    name: "two runs at once",
    async take(model, real) {
      const exporters = [real.world.exporter, real.world.anotherExporter()];
      model.noteAttempt();
      await Promise.all(exporters.map((exporter) => runExport(exporter, model.now)));
      await lookAfterTrouble(model, real);
      await runNow(model, real);
    },
  });
}

function rotateSeal(): Step {
  return command({
    name: "rotate the seal",
    may: ({ seals, now }) => seals.length < VERSIONS.length && (seals.at(-1)?.from ?? 0) < now,
    async take(model, { world }) {
      const version = VERSIONS[model.seals.length] ?? "";
      const seal = { signingKey: `seal-${version}`, keyId: "262", keyVersion: version, from: model.now };
      await world.feature.addSeal("client", seal, model.now);
      model.seals.push({ version, from: model.now });
    },
  });
}

/** From now on YY too, and all that was exported once more with it. */
function widen(): Step {
  return command({
    name: "export YY too, from the beginning",
    may: ({ isWide, hasSuccessor, closed }) => !isWide && !hasSuccessor && closed > START,
    async take(model, { world }) {
      const filter = { includeRegions: ["XX", "YY"] };
      await changeExport(world.database, "main", { filter });
      const [config] = await readConfigs(world.database.db);
      if (config === undefined || config.exportedUntil === null) throw new Error("it has exported nothing yet");
      await requestBackfill(world.database, "main", { from: START, thru: config.exportedUntil }, model.now);
      model.isWide = true;
      // The stretch brings the values in force now, before the revision's own time.
      model.isUncertain = true;
      for (const key of model.keys) if (key.revision !== null) key.wasRevisedFirst = null;
    },
  });
}

/** The export ends half an hour into a period, and another goes on from there. */
function succeed(): Step {
  return command({
    name: "a successor takes over",
    may: ({ hasSuccessor, now }) => !hasSuccessor && now > START + HOUR,
    async take(model, { world }) {
      const thru = model.now - (model.now % HOUR) + HOUR + HOUR / 2;
      await world.exporter.end("main", thru);
      const includeRegions = model.isWide ? ["XX", "YY"] : ["XX"];
      const filter = { includeRegions, excludeRegions: [], travelers: "region" as const };
      await world.createExport({ name: "next", from: thru, filter, ...SIZES });
      model.hasSuccessor = true;
    },
  });
}

/** Every job once, in which nothing may fail; then all has to be as the model says. */
export async function runNow(model: ExportModel, real: ExportReal): Promise<void> {
  const { world } = real;
  const failuresBefore = world.failures().length;
  model.noteAttempt();
  await runExport(world.exporter, model.now);
  for (const job of world.feature.jobs) await job.run(model.now);
  const failures = world.failures().slice(failuresBefore);
  if (failures.length > 0) throw new Error(`the export failed: ${failures.join()}`);
  await compareIndex(model, real);
  model.noteSuccess();
  compareKeys(model, real);
  await compareObjects(model, real);
  model.isUncertain = false;
}

async function lookAfterTrouble(model: ExportModel, real: ExportReal): Promise<void> {
  model.isUncertain = true;
  for (const key of model.keys) if (key.revision !== null && !key.isPublished) key.wasRevisedFirst = null;
  await compareIndex(model, real);
}

/** The index is what it was, less lines that are due at its head, and more at its end. */
async function compareIndex(model: ExportModel, { follower }: ExportReal): Promise<void> {
  await follower.check();
  if (follower.problems.length > 0) throw new Error(follower.problems.join("\n"));
  for (const line of follower.lines) {
    if (model.times.has(line)) continue;
    model.lines.push(line);
    model.times.set(line, { earliest: model.firstAttemptAt ?? model.now, seen: model.now, gone: null });
  }
  const rest = model.lines.slice(model.lines.length - follower.lines.length);
  if (rest.join() !== follower.lines.join()) throw new Error(`the index is ${follower.lines.join()}`);
  for (const [line, time] of model.times) {
    const isListed = follower.lines.includes(line);
    if (isListed || time.gone !== null) continue;
    if (time.earliest + RETENTION > model.now) throw new Error(`${line} went too early`);
    time.gone = model.now;
  }
  for (const archive of follower.archives) {
    const time = model.times.get(archive.line);
    const versions = model.seals.filter(({ from }, at) => {
      const until = model.seals[at + 1]?.from ?? Number.POSITIVE_INFINITY;
      return time !== undefined && from <= time.seen && time.earliest <= until;
    });
    const { keyVersion } = archive.signedBy;
    if (!versions.some(({ version }) => version === keyVersion))
      throw new Error(`${archive.line} is under ${keyVersion}`);
  }
}

function compareKeys(model: ExportModel, { follower }: ExportReal): void {
  const published = follower.keys;
  const expected = model.keys.filter((key) => model.isExported(key) && key.released < model.closed);
  const hexes = new Set(expected.map(({ hex }) => hex));
  const early = [...published.keys()].filter((hex) => !hexes.has(hex));
  if (early.length > 0) throw new Error(`published too early: ${early.join()}`);
  for (const key of expected) {
    const type = published.get(key.hex)?.reportType ?? null;
    if (type === null || !model.typesOf(key).includes(type)) throw new Error(`key ${key.name} is published as ${type}`);
    key.isPublished = true;
  }
}

/** Lines leave in time, their archives only after the grace. */
async function compareObjects(model: ExportModel, { world }: ExportReal): Promise<void> {
  const objects = new Set(await world.blobs.list("client/"));
  for (const [at, line] of model.lines.entries()) {
    const time = model.times.get(line);
    const isNewest = at === model.lines.length - 1;
    if (time === undefined) continue;
    const isOverdue = time.seen + RETENTION <= model.now && !isNewest && time.gone === null;
    if (isOverdue) throw new Error(`${line} is still listed`);
    const isThere = objects.has(`client/${line}`);
    const mustBeThere = time.gone === null || time.gone + GRACE > model.now;
    if (mustBeThere && !isThere) throw new Error(`${line} was deleted too early`);
  }
}

export function unpublished({ keys }: ExportModel): SavedKey[] {
  return keys.filter(({ isPublished }) => !isPublished);
}
