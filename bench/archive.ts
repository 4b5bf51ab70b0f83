// How fast and how small archives are: 500,000 keys built into an archive and opened again.

import { buildArchive } from "../src/archive/build-archive.ts";
import { decodeExport } from "../src/archive/decode-export.ts";
import { encodeExport } from "../src/archive/encode-export.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { openArchive } from "../src/archive/open-archive.ts";
import { orderKeys } from "../src/archive/order-keys.ts";
import { KeyBatch } from "../src/core/key-batch.ts";
import { runSteps } from "../src/core/steps.ts";
import { keysOfPeople, makeSigner, SAMPLE_WINDOW } from "../test/support/sample-archives.ts";

const KEYS = 500_000;
const REPETITIONS = 5;

/** Prints one line per step; times are medians, memory is what the process grew by at its peak. */
export async function benchArchive(): Promise<void> {
  const primaries = keysOfPeople(Math.ceil(KEYS / 14)).slice(0, KEYS);
  const { signer, trustedKey } = makeSigner();
  const input = { ...SAMPLE_WINDOW, primaries, revised: KeyBatch.empty };
  const ordered = orderKeys(primaries);
  const exportBin = encodeExport({ ...input, primaries: ordered, signatureInfos: [] });
  const { bytes } = await buildArchive({ ...input, signers: [signer] }, nodeArchiveTools);
  const before = process.memoryUsage().rss;

  const steps = {
    order: () => orderKeys(primaries),
    encode: () => encodeExport({ ...input, primaries: ordered, signatureInfos: [] }),
    decode: () => runSteps(decodeExport(exportBin)),
    "build archive": () => buildArchive({ ...input, signers: [signer] }, nodeArchiveTools),
    "open archive": () => openArchive(bytes, { trustedKeys: [trustedKey], now: 0 }, nodeArchiveTools),
  };
  const rows: Record<string, { milliseconds: number; keysPerSecond: number }> = {};
  for (const [name, step] of Object.entries(steps)) {
    const milliseconds = await medianTime(step);
    rows[name] = { milliseconds: Math.round(milliseconds), keysPerSecond: Math.round((KEYS / milliseconds) * 1_000) };
  }
  console.table(rows);
  const peakMegabytes = process.resourceUsage().maxRSS / 1_024 - before / 1_024 ** 2;
  console.table({
    "bytes per key, export.bin": (exportBin.length / KEYS).toFixed(2),
    "bytes per key, archive": (bytes.length / KEYS).toFixed(2),
    "peak memory above start, MB": peakMegabytes.toFixed(0),
  });
}

async function medianTime(step: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] ?? 0;
}
