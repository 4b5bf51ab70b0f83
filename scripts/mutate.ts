// `node scripts/mutate.ts --folder FOLDER`: changes the product in small ways and sees whether a test notices.
// Options: --count 150 --seed 1 --lanes 2, --again (survivors only, with product and tests as they are now), --rest (all
// tests), --postgres (on PostgreSQL as well). An interrupted run goes on where it was. FOLDER gets results.json.

import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findPostgres } from "./find-postgres.ts";
import { findMemoryFolder } from "./memory-folder.ts";
import { allTests, chooseTests } from "./mutation/choose-tests.ts";
import { collectMutants } from "./mutation/collect-mutants.ts";
import type { Mutant } from "./mutation/mutant.ts";
import * as results from "./mutation/results.ts";
import { runTests } from "./mutation/run-tests.ts";
import { findTypeErrors, makeWorkCopy, withMutant } from "./mutation/work-copy.ts";
import { startPrivatePostgres } from "./private-postgres.ts";

const FEATURES = ["import", "export", "mirror", "locations"];
const LEFT_OUT = /\.test\.ts$|\/admin-schemas\.ts$|\/migrations\//u;

const { values: options } = parseArgs({
  options: {
    folder: { type: "string" },
    count: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "2" },
    again: { type: "boolean", default: false },
    rest: { type: "boolean", default: false },
    postgres: { type: "boolean", default: false },
  },
});
if (options.folder === undefined) throw new Error("--folder is where work copies and results go");
const [folder, count] = [resolve(options.folder), Number(options.count)];
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/u, "");
const path = join(folder, "results.json");
const lanes = Array.from({ length: Number(options.lanes) }, (_, lane) => join(folder, `lane-${lane + 1}`));

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
const memory = findMemoryFolder();
if (memory !== undefined) process.env["TMPDIR"] ??= memory;
const programs = options.postgres ? findPostgres() : undefined;
const postgres = programs === undefined ? undefined : await startPrivatePostgres(programs);
if (postgres !== undefined) process.env["TEST_POSTGRES_URL"] = postgres.url;
try {
  await main();
} finally {
  await postgres?.stop();
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (options.again) for (const lane of lanes) rmSync(lane, { recursive: true, force: true });
  for (const lane of lanes) makeWorkCopy(root, lane);
  const pool = shuffle(await collectAll(lanes[0] ?? root));
  const state = await begin(pool);
  const survivors = state.mutants.filter(({ outcome }) => outcome === "survived");
  const waiting = options.again
    ? survivors.map(({ rank, mutant }) => ({ rank, mutant: findAgain(pool, mutant) ?? null, was: mutant }))
    : pool.map((mutant, rank) => ({ rank, mutant, was: mutant }));
  let current = state;
  const known = new Set(options.again ? [] : state.mutants.map(({ rank }) => rank));
  let atWork = 0;
  const isEnough = () => !options.again && tried(current) + atWork >= count;

  async function runLane(lane: string): Promise<void> {
    const typeErrors = new Set(await findTypeErrors(lane));
    for (;;) {
      // Whoever finds wrong types draws one more, so that there are enough in the end.
      const next = isEnough() ? undefined : waiting.shift();
      if (next === undefined) return;
      if (known.has(next.rank)) continue;
      atWork++;
      const outcome = next.mutant === null ? gone : await tryMutant(lane, next.mutant, current.baseline, typeErrors);
      atWork--;
      const result = { rank: next.rank, mutant: next.mutant ?? next.was, ...outcome };
      current = { ...current, mutants: [...current.mutants.filter(({ rank }) => rank !== next.rank), result] };
      results.writeResults(path, current);
      console.log(results.describeResult(result));
    }
  }

  await Promise.all(lanes.map(runLane));
  console.log(`${results.countOutcomes(current.mutants)}; of ${pool.length} mutants there are`);
}

const gone = { outcome: "gone", seconds: 0 } as const;

/** How many count: those whose types are right. */
function tried({ mutants }: results.Results): number {
  return mutants.filter(({ outcome }) => outcome !== "untyped").length;
}

/** The results so far, or new ones with the time that each test file takes without a mutant. */
async function begin(pool: readonly Mutant[]): Promise<results.Results> {
  const digest = createHash("sha256").update(JSON.stringify(pool)).digest("hex");
  const earlier = results.readResults(path);
  if (earlier !== null && earlier.digest !== digest && !options.again) {
    throw new Error("the sources have changed since: use another folder, or --again");
  }
  if (earlier !== null && !options.again) return earlier;
  console.log("measuring the tests without a mutant");
  const measured = await runTests({
    folder: lanes[0] ?? root,
    files: measuredTests(lanes[0] ?? root),
    milliseconds: {},
    isMeasuring: true,
  });
  const failing = [...new Set(measured.failures.map(({ file }) => file))];
  for (const { file, test, reason } of measured.failures) console.log(`left out: ${file} > ${test}: ${reason}`);
  const baseline = Object.fromEntries(
    Object.entries(measured.milliseconds).filter(([file]) => !failing.includes(file)),
  );
  if (Object.keys(baseline).length === 0) throw new Error(`no test ran: ${measured.output}`);
  const mutants = earlier?.mutants ?? [];
  const state = { seed: Number(options.seed), digest, pool: pool.length, baseline, failing, mutants };
  results.writeResults(path, state);
  return state;
}

function measuredTests(lane: string): string[] {
  if (options.rest) return allTests(lane);
  const all = Object.fromEntries(allTests(lane).map((file) => [file, 0]));
  return [...new Set(FEATURES.flatMap((feature) => chooseTests(lane, feature, all, false)))];
}

async function tryMutant(
  lane: string,
  mutant: Mutant,
  milliseconds: Readonly<Record<string, number>>,
  /** Of the copy without a mutant. */
  typeErrors: ReadonlySet<string>,
): Promise<Omit<results.MutantResult, "rank" | "mutant">> {
  const started = performance.now();
  const answer = (outcome: results.MutantResult["outcome"], by?: results.MutantResult["by"]) => {
    return { outcome, ...(by && { by }), seconds: Math.round((performance.now() - started) / 1_000) };
  };
  return withMutant(lane, mutant, async () => {
    if ((await findTypeErrors(lane)).some((error) => !typeErrors.has(error))) return answer("untyped");
    const feature = mutant.file.split("/")[2] ?? "";
    const files = chooseTests(lane, feature, milliseconds, options.rest);
    const verdict = await runTests({ folder: lane, files, milliseconds, isMeasuring: false });
    const [failure] = verdict.failures;
    if (failure !== undefined) return answer("killed", failure);
    if (verdict.hungIn !== null)
      return answer("timeout", { file: verdict.hungIn, test: "", reason: "nothing happened" });
    const missing = files.filter((file) => verdict.milliseconds[file] === undefined);
    if (missing.length > 0)
      return answer("killed", { file: missing[0] ?? "", test: "the run", reason: verdict.output });
    return answer("survived");
  });
}

async function collectAll(from: string): Promise<Mutant[]> {
  const files = FEATURES.flatMap((feature) => globSync(`src/features/${feature}/**/*.ts`, { cwd: from }));
  const sources = files.filter((file) => !LEFT_OUT.test(file)).sort();
  const mutants = await Promise.all(
    sources.map((file) => collectMutants(file, readFileSync(join(from, file), "utf8"))),
  );
  return mutants.flat();
}

/** By a hash, so that another mutant elsewhere does not change who comes first. */
function shuffle(mutants: readonly Mutant[]): Mutant[] {
  const drawn = mutants.map((mutant) => ({ mutant, lot: drawLot(mutant) }));
  return drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1)).map(({ mutant }) => mutant);
}

function drawLot({ file, start, end, replacement }: Mutant): string {
  const identity = JSON.stringify([options.seed, file, start, end, replacement]);
  return createHash("sha256").update(identity).digest("hex");
}

/** The same change in sources that have moved on. */
function findAgain(pool: readonly Mutant[], wanted: Mutant): Mutant | undefined {
  return pool
    .filter(({ file, original, replacement }) => {
      return file === wanted.file && original === wanted.original && replacement === wanted.replacement;
    })
    .sort((a, b) => Math.abs(a.line - wanted.line) - Math.abs(b.line - wanted.line))[0];
}
