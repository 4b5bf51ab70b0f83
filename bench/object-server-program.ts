// The public listener whose memory and processor time is measured: a process of its own over a folder of objects.

import { readFileSync } from "node:fs";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { startObjectServer } from "../src/platform/http/object-server.ts";

const [folder = ""] = process.argv.slice(2);

export interface ObjectServerFigures {
  readonly url: string;
  readonly residentMegabytes: number;
  /** Since the process began. */
  readonly processorMilliseconds: number;
}

const server = await startObjectServer({
  blobs: await openFilesystemBlobs(folder),
  host: "127.0.0.1",
  port: 0,
  report: (event) => console.error(JSON.stringify(event)),
  isPublic: () => true,
});

process.on("message", tell);
process.on("disconnect", () => process.exit());
tell();

function tell(): void {
  const { user, system } = process.cpuUsage();
  const figures: ObjectServerFigures = {
    url: server.url,
    residentMegabytes: residentMegabytes(),
    processorMilliseconds: (user + system) / 1_000,
  };
  process.send?.(figures);
}

function residentMegabytes(): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1_024;
  } catch {
    return process.memoryUsage.rss() / 1_048_576;
  }
}
