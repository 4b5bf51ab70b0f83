// `npm run bench -- slow-readers [READERS]`: what phones cost that read an archive of 16 MB slowly, and requests that need
// no byte of it.

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { headersOf } from "../src/platform/blobs/object-headers.ts";
import type { ObjectServerFigures } from "./object-server-program.ts";
import { judge, judgeMegabytes } from "./verdict.ts";

const ARCHIVE_BYTES = 16_000_000;
const READERS = 500;
const REQUESTS = 5_000;
const SECONDS = 8;
const NAME = "state/1.zip";

export async function benchSlowReaders(option?: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-objects-"));
  try {
    const blobs = await openFilesystemBlobs(folder);
    await blobs.put(NAME, Buffer.alloc(ARCHIVE_BYTES, "archive"), headersOf(NAME));
    const server = await startServer(folder);
    await measureSlowReaders(server, Number(option ?? READERS));
    await measureRequests(server);
    server.end();
  } finally {
    await rm(folder, { recursive: true });
  }
}

type RunningObjects = Awaited<ReturnType<typeof startServer>>;

async function startServer(folder: string) {
  const child = fork(fileURLToPath(new URL("object-server-program.ts", import.meta.url)), [folder], {
    execArgv: [...MEMORY_FLAGS],
    env: { ...MEMORY_SETTINGS, ...process.env },
  });
  const next = async (): Promise<ObjectServerFigures> => {
    const [figures]: ObjectServerFigures[] = await once(child, "message");
    if (figures === undefined) throw new Error("the server said nothing");
    return figures;
  };
  const { url } = await next();
  return {
    url,
    figures: () => {
      child.send("tell");
      return next();
    },
    end: () => child.disconnect(),
  };
}

async function measureSlowReaders(server: RunningObjects, readers: number): Promise<void> {
  await askFor(server.url, 20, "GET", {});
  const idle = (await server.figures()).residentMegabytes;
  const sockets = await Promise.all(Array.from({ length: readers }, () => readSlowly(server.url)));
  let most = 0;
  for (let second = 0; second < SECONDS; second++) {
    await wait(1_000);
    most = Math.max(most, (await server.figures()).residentMegabytes);
  }
  const seen = sockets.filter((socket) => !socket.destroyed && socket.bytesRead > 0).length;
  for (const socket of sockets) socket.destroy();
  const each = ((most - idle) * 1_024) / readers;
  console.log(
    `idle: ${Math.round(idle)} MB; with ${seen} readers at work: ${Math.round(most)} MB, ${Math.round(each)} KB each`,
  );
  judgeMegabytes(`${readers} slow readers of 16 MB above idle`, Math.round(most - idle), 100);
}

/** Takes a little, ten times a second. */
async function readSlowly(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  socket.write(`GET /${NAME} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const timer = setInterval(() => void socket.read(2_048), 100);
  socket.once("close", () => clearInterval(timer));
  // By hand: a socket that is not read takes only as much as its buffer.
  socket.on("readable", () => undefined);
  return socket;
}

async function measureRequests(server: RunningObjects): Promise<void> {
  const etag = await etagOf(server.url);
  for (const [what, method, headers] of [
    ["a HEAD", "HEAD", {}],
    ["a 304", "GET", { "if-none-match": etag }],
    ["a range of one byte", "GET", { range: "bytes=8000000-8000000" }],
  ] as const) {
    await askFor(server.url, 200, method, headers);
    const before = await server.figures();
    await askFor(server.url, REQUESTS, method, headers);
    const spent = (await server.figures()).processorMilliseconds - before.processorMilliseconds;
    const each = spent / REQUESTS;
    judge(each < 1, `${what}: ${each.toFixed(2)} ms of processor time (goal: below 1 ms)`);
  }
}

async function etagOf(url: string): Promise<string> {
  const response = await fetch(`${url}/${NAME}`, { method: "HEAD" });
  return response.headers.get("etag") ?? "";
}

async function askFor(
  url: string,
  count: number,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const askOnce = () =>
    new Promise<void>((resolve, reject) => {
      const asked = request(`${url}/${NAME}`, { method, headers, agent }, (response) => {
        response.resume().once("end", resolve);
      });
      asked.once("error", reject).end();
    });
  const asking = Array.from({ length: 4 }, async () => {
    for (let done = 0; done < count / 4; done++) await askOnce();
  });
  await Promise.all(asking);
  agent.destroy();
}
