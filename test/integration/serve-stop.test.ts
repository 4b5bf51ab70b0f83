// How a server stops while it has work that does not end, and what a killed one leaves.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { initFolder, type ServeProcess, startServe, type Variables } from "../support/serve-process.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";

let base: string;
/** Of this test. */
let folder: string;
let token: string;
let source: SourceServer;
let server: ServeProcess;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "enks-stop-"));
  token = await initFolder(join(base, "data"), ["--set", "jobPeriodsSeconds={import-discover: 1}"]);
  source = await startSourceServer();
});
beforeEach(({ task }) => {
  folder = join(base, task.id);
  cpSync(join(base, "data"), folder, { recursive: true });
});
afterEach(async () => {
  server.signal("SIGKILL");
  await server.ended();
});
afterAll(async () => {
  await source.close();
  rmSync(base, { recursive: true, force: true });
});

/** A server whose import waits for a source that never answers. */
async function startHanging(
  variables: Variables,
): Promise<{ adminUrl: string; publicUrl: string; metricsUrl: string }> {
  const path = `/${variables["ENKS_STOP_WITHIN"]}.txt`;
  source.put(path, { after: new Promise(() => undefined) });
  server = startServe(folder, { METRICS_PORT: "0", ...variables });
  const urls = await server.started();
  const asked = source.nextRequest(path);
  const response = await fetch(`${urls.adminUrl}/v1/sources`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: `source-${variables["ENKS_STOP_WITHIN"]}`,
      indexUrl: source.url + path,
      baseUrl: `${source.url}/`,
      region: "XA",
      allowPrivateAddresses: true,
    }),
  });
  expect(await response.json()).toMatchObject({ region: "XA" });
  expect(response.status).toBe(201);
  await asked;
  return urls;
}

test("work that does not end is given up within the bound", async () => {
  await startHanging({ ENKS_STOP_WITHIN: "1s" });
  server.signal("SIGTERM");
  await server.next("server.stopping");
  // Its work never ends, so without a bound this would not either.
  await server.ended();
});

test("it says that it is not ready while it stops; a second signal ends it at once", async () => {
  const { metricsUrl, publicUrl } = await startHanging({ ENKS_STOP_WITHIN: "600s" });
  server.signal("SIGTERM");
  await server.next("server.stopping");
  const ready = await fetch(`${metricsUrl}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { ok: false, codes: ["server_stopping"] }]);
  await expect(fetch(`${publicUrl}/health`)).rejects.toThrow();
  // Signals that come together are one wish, so this is repeated until one counts as the second.
  const repeat = setInterval(() => server.signal("SIGTERM"), 100);
  const { code } = await server.ended();
  clearInterval(repeat);
  expect(code).toBe(130);
});

test("traces reach a collector, the last of them when it stops", async () => {
  source.put("/v1/traces", { body: "{}", contentType: "application/json" });
  const arrived = source.nextRequest("/v1/traces");
  server = startServe(folder, {
    ENKS_TRACE_ENDPOINT: `${source.url}/v1/traces`,
    TRACE_PROBABILITY: "1",
  });
  const { publicUrl } = await server.started();
  await fetch(`${publicUrl}/health`);
  server.signal("SIGTERM");
  await arrived;
  await server.ended();
});
