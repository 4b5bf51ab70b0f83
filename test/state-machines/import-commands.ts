// What a source, its operator, time and the import may do, each to the world and to the model.

import * as fc from "fast-check";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { type ListedFile, readFilePage } from "../../src/features/import/status-queries.ts";
import type { ImportWorld } from "../support/import-world.ts";
import type { SampleSigner } from "../support/sample-archives.ts";
import type { ServedObject } from "../support/source-server.ts";
import { anyFailure, FailingProcess, nameFailure, untilDeath } from "./failing-process.ts";
import {
  type ImportModel,
  type IndexAnswer,
  makeContent,
  type Served,
  type SignerName,
  type Spoiled,
} from "./import-model.ts";
import { type Command, command } from "./live-through.ts";

export interface ImportReal {
  readonly world: ImportWorld;
  readonly signers: Readonly<Record<SignerName, SampleSigner>>;
  readonly trustedIds: Map<SignerName, number>;
}

type Step = Command<ImportModel, ImportReal>;

const INDEX = "/state/index.txt";
/** Keys are dropped that are older than 15 days when their archive is discovered. */
const MOST_SECONDS = 9 * DAY;

export const importCommands: readonly fc.Arbitrary<Step>[] = [
  fc.constantFrom<SignerName>("known", "known", "known", "unknown").map(publish),
  fc.constantFrom<SignerName>("known", "known", "known", "unknown").map(publish),
  fc.nat(9).map(replace),
  fc.tuple(fc.nat(9), fc.constantFrom<Spoiled>("cut", "page", "gone", "forbidden", "away")).map(spoil),
  fc.nat(9).map(mend),
  fc.nat(9).map(rename),
  fc.nat(9).map(dropLine),
  fc.constantFrom<IndexAnswer>("right", "right", "right", "empty", "old", "page", "away", "gone").map(answerIndex),
  fc.tuple(fc.constantFrom<SignerName>("known", "unknown"), fc.boolean()).map(trust),
  fc.constantFrom(MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY).map(wait),
  fc.constant(discover()),
  fc.constant(importOnce()),
  fc.constant(discoverAndImport()),
  fc.constant(discoverAndImport()),
  anyFailure.map(importAndFail),
  fc.constant(importTwice()),
];

function publish(signer: SignerName): Step {
  return command({
    name: `publish an archive of the ${signer} signer`,
    async take(model, real) {
      const number = model.served.size;
      const line = `${number}.zip`;
      const content = await makeContent({ signer: real.signers[signer], name: signer }, number, 0);
      serve(model, real, line, { number, version: 0, content, spoiled: null });
      model.listed.push(line);
      putIndex(model, real);
    },
  });
}

function replace(place: number): Step {
  return atLine("replace", place, async (model, real, line, served) => {
    const { signer: name } = served.content;
    const version = served.version + 1;
    const content = await makeContent({ signer: real.signers[name], name }, served.number, version);
    serve(model, real, line, { ...served, version, content });
  });
}

function spoil([place, spoiled]: [number, Spoiled]): Step {
  return atLine(`make ${spoiled}`, place, async (model, real, line, served) => {
    serve(model, real, line, { ...served, spoiled });
  });
}

function mend(place: number): Step {
  return atLine("mend", place, async (model, real, line, served) => {
    serve(model, real, line, { ...served, spoiled: null });
  });
}

/** The same bytes under another name, at the end; nothing is under the old one. */
function rename(place: number): Step {
  return atLine("rename", place, async (model, real, line, served) => {
    const name = `${model.served.size}-again.zip`;
    serve(model, real, name, { ...served });
    serve(model, real, line, { ...served, spoiled: "gone" });
    model.listed = [...model.listed.filter((one) => one !== line), name];
    putIndex(model, real);
  });
}

function dropLine(place: number): Step {
  return atLine("list no more", place, async (model, real, line) => {
    model.listed = model.listed.filter((one) => one !== line);
    putIndex(model, real);
  });
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

function trust([signer, isTrusted]: [SignerName, boolean]): Step {
  return command({
    name: `${isTrusted ? "trust" : "distrust"} the ${signer} signer`,
    may: (model) => model.trusted.get(signer) !== isTrusted,
    async take(model, { world, signers, trustedIds }) {
      const id = trustedIds.get(signer);
      const { pem, signer: named } = signers[signer];
      const trusted = { keyId: named.keyId, keyVersion: named.keyVersion, publicKeyPem: pem };
      if (id === undefined) trustedIds.set(signer, await world.feature.addTrustedKey("state", trusted));
      else await world.feature.changeTrustedKey("state", id, isTrusted ? null : world.clock.now());
      model.trusted.set(signer, isTrusted);
    },
  });
}

function wait(seconds: number): Step {
  return command({
    name: `${seconds / 60} minutes pass`,
    may: (model) => model.secondsPassed + seconds <= MOST_SECONDS,
    async take(model, { world }) {
      model.secondsPassed += seconds;
      world.clock.advance(seconds);
    },
  });
}

function discover(): Step {
  return command({ name: "discover", take: discoverNow });
}

function importOnce(): Step {
  return command({ name: "import", take: importNow });
}

function discoverAndImport(): Step {
  return command({
    name: "discover and import",
    async take(model, real) {
      await discoverNow(model, real);
      await importNow(model, real);
    },
  });
}

function importAndFail(failure: Parameters<typeof nameFailure>[0]): Step {
  return command({
    name: `an import ${nameFailure(failure)}`,
    async take(model, real) {
      const { world } = real;
      const failing = world.anotherFeature({ database: new FailingProcess(failure).database(world.database) });
      model.noteReasons();
      await untilDeath(() => failing.importArchives(world.source, world.clock.now()));
      await compare(model, real);
    },
  });
}

function importTwice(): Step {
  return command({
    name: "two imports at once",
    async take(model, real) {
      const { world } = real;
      model.noteReasons();
      const both = [world.feature, world.anotherFeature()];
      await Promise.all(both.map((feature) => feature.importArchives(world.source, world.clock.now())));
      await compare(model, real);
    },
  });
}

export async function discoverNow(model: ImportModel, real: ImportReal): Promise<void> {
  await real.world.feature.discoverArchives(real.world.source, real.world.clock.now());
  model.noteDiscovery();
  await compare(model, real);
}

export async function importNow(model: ImportModel, real: ImportReal): Promise<void> {
  model.noteReasons();
  await real.world.feature.importArchives(real.world.source, real.world.clock.now());
  await compare(model, real);
}

/** Notes what is complete now, and compares all that the database says with what may be. */
async function compare(model: ImportModel, { world }: ImportReal): Promise<void> {
  const files = await readFiles(world);
  const lines = files.map(({ line }) => line).sort();
  if (lines.join() !== [...model.discovered].sort().join()) throw new Error(`known are ${lines.join()}`);
  for (const { line, state, digest, reason } of files) {
    if (state === "complete" && !model.imported.has(digest ?? "")) {
      const served = model.served.get(line)?.content;
      const whyNot = model.reasonOf(line);
      if (whyNot !== null || served?.digest !== digest) throw new Error(`${line} is complete, but ${whyNot}`);
      model.imported.add(digest);
    }
    if (state === "quarantined" && !model.reasons.get(line)?.has(reason ?? "")) {
      throw new Error(`${line} is quarantined for ${reason}`);
    }
  }
  const keys = await world.importedKeys();
  const stored = [...keys].map(([hex, { reportType }]) => `${hex} ${reportType}`).sort();
  const expected = [...model.expectedKeys()].map(([hex, type]) => `${hex} ${type}`).sort();
  if (stored.join() !== expected.join()) throw new Error(`stored: ${stored.join()}\nexpected: ${expected.join()}`);
}

export async function readFiles({ database, source }: ImportWorld): Promise<ListedFile[]> {
  const states = ["open", "leased", "retry", "complete", "quarantined"] as const;
  return readFilePage(database.db, source.id, states, null, 1_000);
}

export function putIndex(model: ImportModel, { world: { server } }: ImportReal): void {
  const { index, lines } = model;
  if (lines !== null) server.put(INDEX, { body: lines.join("\n") });
  else if (index === "gone") server.remove(INDEX);
  else server.put(INDEX, index === "page" ? { body: "<html>502</html>" } : { status: 503 });
}

export function serve(model: ImportModel, { world }: ImportReal, line: string, served: Served): void {
  model.served.set(line, served);
  model.contents.set(served.content.digest, served.content);
  world.serve(line, answerOf(served));
}

function answerOf({ content: { bytes }, spoiled }: Served): ServedObject {
  if (spoiled === null) return { body: bytes };
  if (spoiled === "cut") return { body: bytes.subarray(0, bytes.length >> 1) };
  if (spoiled === "page") return { body: "<html>not found</html>", contentType: "text/html" };
  return { status: { gone: 404, forbidden: 403, away: 503 }[spoiled] };
}

function atLine(
  what: string,
  place: number,
  take: (model: ImportModel, real: ImportReal, line: string, served: Served) => Promise<void>,
): Step {
  const lineIn = (model: Readonly<ImportModel>) => model.listed[place % Math.max(1, model.listed.length)];
  return command({
    name: `${what} line ${place}`,
    may: (model) => lineIn(model) !== undefined,
    async take(model, real) {
      const line = lineIn(model) ?? "";
      const served = model.served.get(line);
      if (served !== undefined) await take(model, real, line, served);
    },
  });
}
