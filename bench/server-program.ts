// The server whose speed and memory is measured: a process of its own that runs the jobs that its parent names.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "../src/app/create-server.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { openPostgresDatabase } from "../src/platform/database/postgres/open-postgres-database.ts";
import { createFetcher } from "../src/platform/http/undici-fetcher.ts";
import { openFilesystemSigningKeys } from "../src/platform/keys/filesystem-signing-keys.ts";
import { createMemoryEncryptionKeys } from "../src/platform/keys/memory-encryption-keys.ts";
import { seededRandom } from "../src/platform/random/seeded-random.ts";
import { createVirtualClock } from "../src/platform/time/virtual-clock.ts";
import { BENCH_SETTINGS, type JobAnswer, type JobOrder } from "./server-protocol.ts";

const [url = "", schema = "", folder = ""] = process.argv.slice(2);
const failures: string[] = [];
const clock = createVirtualClock(0);
const server = await createServer(
  {
    database: await openPostgresDatabase({ url, schema }),
    fetcher: createFetcher(),
    blobs: await openFilesystemBlobs(join(folder, "objects")),
    signingKeys: await openFilesystemSigningKeys(join(folder, "keys")),
    encryptionKeys: createMemoryEncryptionKeys(),
    archiveTools: nodeArchiveTools,
    clock,
    random: seededRandom(1),
    report: (event) => void (event.level === "error" && failures.push(JSON.stringify(event))),
  },
  BENCH_SETTINGS,
);

process.on("message", (order: JobOrder) => void runJob(order));
process.on("disconnect", () => process.exit());
answer({ milliseconds: 0, failures, peakMegabytes: 0 });

async function runJob({ name, now }: JobOrder): Promise<void> {
  clock.jump(now);
  const start = performance.now();
  for (const job of server.jobs.filter((one) => one.name === name)) await job.run(now);
  const milliseconds = performance.now() - start;
  answer({ milliseconds, failures: failures.splice(0), peakMegabytes: peakMegabytes() });
}

function answer(result: JobAnswer): void {
  process.send?.(result);
}

/** The most memory that was resident; not `maxRSS`, which on Linux begins with what the parent had. */
function peakMegabytes(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return Math.round(Number(kilobytes) / 1_024);
  } catch {
    return Math.round(process.resourceUsage().maxRSS / 1_024);
  }
}
