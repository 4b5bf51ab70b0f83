// How long a coverage proof takes, how much memory it needs, and whether it finds one key among millions.

import { fork } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArchive } from "../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { HOUR } from "../src/core/clock.ts";
import { KeyBatch } from "../src/core/key-batch.ts";
import { pick } from "../src/core/sort-keys.ts";
import { keysOfPeople, makeSigner, SAMPLE_WINDOW, type SampleSigner } from "../test/support/sample-archives.ts";
import type { ProofAnswer, ProofTask } from "./proof-program.ts";
import { showProgress } from "./show-progress.ts";
import { judge, judgeMegabytes } from "./verdict.ts";

const KEYS = 5_000_000;
const ARCHIVE_KEYS = 28_000;
const MOST_SECONDS = 300;
const MOST_MEGABYTES = 256;
const TRIALS = 20;
const TRIAL_KEYS = 140_000;

/** 5 million keys at each side; then many small proofs, half of them with one key taken out at random. */
export async function benchProof(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-proof-"));
  try {
    const signer = makeSigner();
    await writeTrees(folder, signer, KEYS, null);
    const whole = await prove(folder, signer);
    judge(whole.verdict === "proven", `${KEYS.toLocaleString("en")} keys at each side: ${whole.verdict}`);
    judge(whole.seconds <= MOST_SECONDS, `a proof: ${whole.seconds.toFixed(1)} s (goal: at most ${MOST_SECONDS} s)`);
    judgeMegabytes("memory of a proof", whole.peakMegabytes, MOST_MEGABYTES);
    const sampled = await prove(folder, signer, 2);
    judge(sampled.verdict === "sample_good", `a sample of two archives: ${sampled.seconds.toFixed(1)} s`);
    await judgeTrials(folder, signer);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function judgeTrials(folder: string, signer: SampleSigner): Promise<void> {
  let found = 0;
  let falseAlarms = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    await writeTrees(folder, signer, TRIAL_KEYS, null);
    if ((await prove(folder, signer)).missing !== 0) falseAlarms++;
    await writeTrees(folder, signer, TRIAL_KEYS, Math.floor(Math.random() * TRIAL_KEYS));
    if ((await prove(folder, signer)).missing === 1) found++;
    showProgress("trials", (trial + 1) / TRIALS);
  }
  judge(found === TRIALS, `one key taken out at random: found in ${found} of ${TRIALS} trials`);
  judge(falseAlarms === 0, `false alarms in ${TRIALS} trials with nothing taken out: ${falseAlarms}`);
}

/** The same keys at both sides, packed differently: the nation's archives hold those of two of the state's. */
async function writeTrees(folder: string, signer: SampleSigner, count: number, without: number | null): Promise<void> {
  for (const tree of ["state", "nation"]) {
    await rm(join(folder, tree), { recursive: true, force: true });
    await mkdir(join(folder, tree));
  }
  let waiting: KeyBatch[] = [];
  const archives = count / ARCHIVE_KEYS;
  for (let number = 0; number < archives; number++) {
    const keys = keysOfPeople(ARCHIVE_KEYS / 14);
    await writeArchive(folder, "state", number, keys, signer);
    waiting.push(without === null ? keys : withoutKey(keys, without - number * ARCHIVE_KEYS));
    if (waiting.length === 2 || number + 1 >= archives) {
      await writeArchive(folder, "nation", number, KeyBatch.concat(waiting), signer);
      waiting = [];
    }
    if (count === KEYS) showProgress("writing archives", (number + 1) / archives);
  }
}

function withoutKey(keys: KeyBatch, index: number): KeyBatch {
  if (index < 0 || index >= keys.length) return keys;
  return pick(
    keys,
    Array.from({ length: keys.length }, (_, at) => at).filter((at) => at !== index),
  );
}

async function writeArchive(
  folder: string,
  tree: string,
  number: number,
  primaries: KeyBatch,
  { signer }: SampleSigner,
): Promise<void> {
  const start = SAMPLE_WINDOW.start + number * HOUR;
  const input = { ...SAMPLE_WINDOW, start, end: start + HOUR, primaries, revised: KeyBatch.empty, signers: [signer] };
  const { bytes } = await buildArchive(input, nodeArchiveTools);
  await writeFile(join(folder, tree, `${number}.zip`), bytes);
  await appendFile(join(folder, tree, "index.txt"), `${number}.zip\n`);
}

/** In a process of its own, so that the memory is that of the proof alone. */
function prove(folder: string, { pem }: SampleSigner, sample: number | null = null): Promise<ProofAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ProofAnswer>();
  const task: ProofTask = { folder, publicKeyPem: pem, sample };
  const child = fork(join(import.meta.dirname, "proof-program.ts"), [JSON.stringify(task)]);
  child.on("message", (answer: ProofAnswer) => resolve(answer));
  child.on("exit", (code) => reject(new Error(`the proof ended with ${code}`)));
  return promise;
}
