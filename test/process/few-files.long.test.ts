// A process that may open few files, and clients that hold the public listener: everything else goes on.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { PATIENCE } from "../support/patience.ts";
import { initFolder, type ServeProcess, startServe } from "../support/serve-process.ts";

let server: ServeProcess | undefined;
let base: string;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.process.kill("SIGKILL");
  await rm(base, { recursive: true });
});

test("700 idle connections with 1,024 files leave phones, the admin API and jobs their own", async () => {
  base = await mkdtemp(join(tmpdir(), "enks-few-files-"));
  const folder = join(base, "data");
  const token = await initFolder(folder);
  server = startServe(folder, { ENKS_JOB_PERIODS: "publish-index=1s" }, { launcher: "few-files-launcher.ts" });
  const { publicUrl, adminUrl } = await server.started();
  for (let count = 0; count < 700; count++) {
    const socket = connect(Number(new URL(publicUrl).port), "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    await Promise.race([once(socket, "connect"), once(socket, "close")]);
  }
  const admin = (path: string) => fetch(`${adminUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
  await vi.waitFor(
    async () => expect(await (await admin("/health/ready")).json()).toEqual({ ok: true, codes: [] }),
    PATIENCE,
  );
  expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
  const jobs = async () => (await admin("/v1/jobs")).text();
  const before = await jobs();
  await vi.waitFor(async () => expect(await jobs()).not.toBe(before), PATIENCE);
  await server.next("object-server.connections-full");
});
