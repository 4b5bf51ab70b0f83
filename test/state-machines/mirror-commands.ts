// What a source, the location's own export, time and the mirror may do, each to the world and to the model.

import * as fc from "fast-check";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { readMirrors, readTakenLines } from "../../src/features/mirror/queries.ts";
import type { IndexFollower } from "../support/index-follower.ts";
import { makeKeys, START } from "../support/location-world.ts";
import type { MirrorWorld } from "../support/mirror-world.ts";
import type { ServedObject } from "../support/source-server.ts";
import { anyFailure, FailingProcess, type Failure, nameFailure, untilDeath } from "./failing-process.ts";
import { type Command, command } from "./live-through.ts";
import { type Content, type IndexAnswer, type MirrorModel, type SourceArchive, type Spoiled } from "./mirror-model.ts";

export interface MirrorReal {
  readonly world: MirrorWorld;
  readonly follower: IndexFollower;
}

type Step = Command<MirrorModel, MirrorReal>;

export const RETENTION = 2 * DAY;
/** Below ten days, so that whatever is lost may not have expired. */
const MOST_SECONDS = 4 * DAY;
const { likely, confirmed } = ReportType;

/** For both methods. */
export const sourceCommands: readonly fc.Arbitrary<Step>[] = [
  fc.integer({ min: 0, max: 3 }).map(append),
  fc.integer({ min: 0, max: 3 }).map(append),
  fc.nat(9).map(insert),
  fc.nat(9).map(repeat),
  fc.constant(expireHead()),
  fc.tuple(fc.nat(9), fc.constantFrom<Spoiled>("cut", "page", "gone", "away")).map(spoil),
  fc.nat(9).map(mend),
  fc.constantFrom<IndexAnswer>("right", "right", "right", "old", "gap", "empty", "page", "away").map(answerIndex),
  fc.constantFrom(HOUR, 6 * HOUR, DAY).map(wait),
  fc.constant(run()),
  fc.constant(run()),
  fc.constant(run()),
  anyFailure.map(runAndFail),
  fc.constant(runTwice()),
];

/** Only where the location's own seal signs what the mirror hands over. */
export const resealCommands: readonly fc.Arbitrary<Step>[] = [
  ...sourceCommands,
  fc.integer({ min: 1, max: 3 }).map(exportKeys),
  fc.nat(20).map(exportKnownKey),
  fc.nat(20).map(appendKnownKeys),
];

/** The source publishes new keys at the end of its list. */
function append(count: number): Step {
  return command({
    name: `the source adds ${count} keys`,
    async take(model, real) {
      model.listed.push(await publish(model, real, nextKeys(model, count)));
      putIndex(model, real);
    },
  });
}

/** What the source has listed before the mirror begins. */
export async function publishHistory(model: MirrorModel, real: MirrorReal): Promise<void> {
  for (const count of [2, 2, 3]) await append(count).run(model, real);
}

/** Where no source should: before lines that phones have passed. */
function insert(place: number): Step {
  return command({
    name: `the source puts an archive at place ${place}`,
    async take(model, real) {
      const line = await publish(model, real, nextKeys(model, 2));
      model.listed.splice(Math.min(place, model.listed.length), 0, line);
      putIndex(model, real);
    },
  });
}

/** The same bytes under another name. */
function repeat(place: number): Step {
  return atLine("repeat", place, async (model, real, archive) => {
    const line = `again-${model.archives.size}.zip`;
    serve(model, real, { ...archive, line, spoiled: null });
    model.listed.push(line);
    putIndex(model, real);
  });
}

/** The oldest goes first, and something of what was taken stays, as at any source whose archives live for ten days. */
function expireHead(): Step {
  return command({
    name: "the source's first line expires",
    may: ({ listed, taken }) => {
      const [line = "", ...rest] = listed;
      const isOldest = !taken.includes(line) || taken.find((one) => listed.includes(one)) === line;
      return isOldest && rest.some((one) => taken.includes(one));
    },
    async take(model, real) {
      const [line = "", ...rest] = model.listed;
      model.listed = rest;
      real.world.server.remove(`/national/${line}`);
      putIndex(model, real);
    },
  });
}

function spoil([place, spoiled]: [number, Spoiled]): Step {
  return atLine(`make ${spoiled}`, place, async (model, real, archive) => serve(model, real, { ...archive, spoiled }));
}

function mend(place: number): Step {
  return atLine("mend", place, async (model, real, archive) => serve(model, real, { ...archive, spoiled: null }));
}

function answerIndex(answer: IndexAnswer): Step {
  return command({
    name: `the index is ${answer}`,
    async take(model, real) {
      model.index = answer;
      putIndex(model, real);
    },
  });
}

function wait(seconds: number): Step {
  return command({
    name: `${seconds / HOUR} hours pass`,
    // What was never listed must not expire meanwhile.
    may: ({ now, unpublishedSince }) =>
      now + seconds - START <= MOST_SECONDS && now + seconds < (unpublishedSince ?? now) + RETENTION,
    async take(model) {
      model.now += seconds;
    },
  });
}

/** An export of our own publishes new keys. */
function exportKeys(count: number): Step {
  return command({
    name: `an export adds ${count} keys`,
    take: (model, real) => exportNow(model, real, { primaries: nextKeys(model, count), revised: KeyBatch.empty }),
  });
}

/** A key that somebody knows already is confirmed by our own export. */
function exportKnownKey(place: number): Step {
  return command({
    name: `an export confirms key ${place}`,
    may: ({ names }) => names > 0,
    async take(model, real) {
      const revised = makeKeys(place % model.names, 1, { reportType: confirmed });
      await exportNow(model, real, { primaries: KeyBatch.empty, revised });
    },
  });
}

async function exportNow(model: MirrorModel, { world, follower }: MirrorReal, content: Content): Promise<void> {
  await world.append(content, model.now);
  await world.feature.publish("client", model.now);
  model.standing.push(content);
  model.unpublishedSince = null;
  await follower.check();
}

/** An archive of the source with keys that came before, there or here, and one of them confirmed. */
function appendKnownKeys(place: number): Step {
  return command({
    name: `the source repeats key ${place} and confirms the next`,
    may: ({ names }) => names > 1,
    async take(model, real) {
      const first = place % (model.names - 1);
      const revised = makeKeys(first + 1, 1, { reportType: confirmed });
      model.listed.push(await publish(model, real, makeKeys(first, 1, { reportType: likely }), revised));
      putIndex(model, real);
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
      await untilDeath(() => world.run(model.now, world.anotherMirror({ database, locations })));
      model.unpublishedSince ??= model.now;
      await adoptTaken(model, real);
    },
  });
}

function runTwice(): Step {
  return command({
    name: "two runs at once",
    async take(model, real) {
      const { world } = real;
      await Promise.all([world.run(model.now), world.run(model.now, world.anotherMirror())]);
      await adoptTaken(model, real);
      await runNow(model, real);
    },
  });
}

/** The mirror's job and the location's, in which nothing of ours fails: exactly what is due is handed over. */
export async function runNow(model: MirrorModel, real: MirrorReal): Promise<void> {
  const { world, follower } = real;
  const due = model.due();
  await world.run(model.now);
  for (const job of world.feature.jobs) await job.run(model.now);
  model.noteTaken(due);
  model.unpublishedSince = null;
  const taken = await readTaken(world);
  if (taken.join() !== model.taken.join()) throw new Error(`taken: ${taken.join()}, due: ${model.taken.join()}`);
  await follower.check();
  if (follower.problems.length > 0) throw new Error(follower.problems.join("\n"));
  const published = [...follower.keys].map(([hex, { reportType }]) => `${hex} ${reportType}`).sort();
  const expected = [...model.expectedKeys()].map(([hex, type]) => `${hex} ${type}`).sort();
  if (published.join() !== expected.join()) throw new Error(`published: ${published.join()}\nnot: ${expected.join()}`);
}

/** After trouble any part of what was due may have been taken. */
async function adoptTaken(model: MirrorModel, { world, follower }: MirrorReal): Promise<void> {
  const due = model.due();
  const added = (await readTaken(world)).slice(model.taken.length);
  if (due.slice(0, added.length).join() !== added.join()) throw new Error(`taken: ${added.join()}, due: ${due.join()}`);
  model.noteTaken(added);
  await follower.check();
  if (follower.problems.length > 0) throw new Error(follower.problems.join("\n"));
}

async function readTaken({ database }: MirrorWorld): Promise<string[]> {
  const [mirror] = await readMirrors(database.db);
  return (await readTakenLines(database.db, mirror?.id ?? 0)).map(({ line }) => line);
}

async function publish(
  model: MirrorModel,
  { world }: MirrorReal,
  primaries: KeyBatch,
  revised: KeyBatch = KeyBatch.empty,
): Promise<string> {
  const line = `${model.archives.size}.zip`;
  const end = START - DAY + model.archives.size * HOUR;
  const bytes = await world.publish(line, { primaries, revised, end });
  model.archives.set(line, { line, bytes, primaries, revised, spoiled: null });
  return line;
}

function nextKeys(model: MirrorModel, count: number): KeyBatch {
  model.names += count;
  return makeKeys(model.names - count, count, { reportType: likely });
}

export function putIndex({ lines, index }: MirrorModel, { world }: MirrorReal): void {
  if (lines !== null) world.list(...lines);
  else world.serve("index.txt", index === "page" ? { body: "<html>502</html>" } : { status: 503 });
}

export function serve(model: MirrorModel, { world }: MirrorReal, archive: SourceArchive): void {
  model.archives.set(archive.line, archive);
  world.serve(archive.line, answerOf(archive));
}

function answerOf({ bytes, spoiled }: SourceArchive): ServedObject {
  if (spoiled === null) return { body: bytes, contentType: "application/zip" };
  if (spoiled === "cut") return { body: bytes, cutAfter: bytes.length >> 1 };
  if (spoiled === "page") return { body: "<html>not found</html>", contentType: "text/html" };
  return { status: { gone: 404, away: 503 }[spoiled] };
}

function atLine(
  what: string,
  place: number,
  take: (model: MirrorModel, real: MirrorReal, archive: SourceArchive) => Promise<void>,
): Step {
  const archiveIn = ({ listed, archives }: Readonly<MirrorModel>) =>
    archives.get(listed[place % Math.max(1, listed.length)] ?? "");
  return command({
    name: `${what} line ${place}`,
    may: (model) => archiveIn(model) !== undefined,
    async take(model, real) {
      const archive = archiveIn(model);
      if (archive !== undefined) await take(model, real, archive);
    },
  });
}
