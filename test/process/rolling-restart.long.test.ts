// Two servers behind a load balancer are restarted one after the other while people upload: no upload fails.

import { join } from "node:path";
import { describe, expect, inject, test, vi } from "vitest";
import { startBalancer } from "../support/balancer.ts";
import { makeAuthority, makeRequest } from "../support/certificates.ts";
import { makePostgresWorld } from "../support/postgres-world.ts";
import { initFolder } from "../support/serve-process.ts";

const given = inject("postgresUrl");
const APP = "org.example.rolling";
const PEOPLE = 4;
/** For a machine on which everything takes long. */
const PATIENCE = { timeout: 60_000, interval: 50 };

describe.skipIf(given === null)("on PostgreSQL", () => {
  test("a server that is told to stop serves on until the load balancer has seen that it is not ready", async () => {
    await using stack = new AsyncDisposableStack();
    const world = stack.use(await makePostgresWorld(given ?? ""));
    const balancer = stack.use(await startBalancer());
    const authority = makeAuthority();
    // Long beside the tenth of a second after which the balancer looks again, on a busy machine too.
    const variables = { ENKS_UPLOADS_PER_MINUTE: "0", ENKS_DRAIN: "8s", ENKS_STOP_WITHIN: "60s" };
    const token = await initFolder(join(world.base, "data"), [], world.variables(variables));

    async function start() {
      const process = world.serve("data", variables);
      const urls = await process.started();
      balancer.add(urls.publicUrl);
      await balancer.sendsTo(urls.publicUrl);
      return { process, ...urls };
    }
    const servers = [await start(), await start()];
    for (const [path, body] of [
      ["/v1/authorities", { name: "health", iss: authority.iss, aud: authority.aud }],
      ["/v1/authorities/health/keys", { version: authority.kid, publicKeyPem: authority.publicKeyPem }],
      ["/v1/apps", { name: APP, regions: ["XX"], authorities: ["health"] }],
    ] as const) {
      const answer = await fetch(`${servers[0]?.adminUrl}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status, await answer.text()).toBe(201);
    }

    /** Sends keys of its own; answers the status and what was said. */
    async function upload(url: string): Promise<string> {
      const request = makeRequest(14, Math.floor(Date.now() / 86_400_000) * 144);
      const answer = await fetch(`${url}/v1/publish`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          temporaryExposureKeys: request.keys,
          healthAuthorityID: APP,
          verificationPayload: authority.certify(request, Math.floor(Date.now() / 1_000)),
          hmacKey: Buffer.from(request.hmacKey).toString("base64"),
        }),
      });
      const text = await answer.text();
      return answer.status === 200 ? "200" : `${answer.status} ${text}`;
    }
    // An app is known to each server after a moment.
    for (const { publicUrl } of servers) {
      await vi.waitFor(async () => expect(await upload(publicUrl)).toBe("200"), PATIENCE);
    }

    const answers: string[] = [];
    const isOver = new AbortController();
    const people = Array.from({ length: PEOPLE }, async () => {
      while (!isOver.signal.aborted) answers.push(await upload(balancer.url));
    });
    const moreUploads = async () => {
      const before = answers.length;
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(before + 20), PATIENCE);
    };
    for (const { process, publicUrl, metricsUrl } of servers) {
      await moreUploads();
      process.signal("SIGTERM");
      await process.next("server.stopping");
      await expectDraining(publicUrl, metricsUrl);
      expect(await process.ended()).toEqual({ code: 0, errors: "" });
      await start();
    }
    await moreUploads();
    isOver.abort();
    await Promise.all(people);
    expect(answers.filter((answer) => answer !== "200")).toEqual([]);
  });
});

/** It says that it is not ready, answers all the same, and ends each connection with its answer. */
async function expectDraining(publicUrl: string, metricsUrl: string): Promise<void> {
  const ready = await fetch(`${metricsUrl}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { ok: false, codes: ["server_stopping"] }]);
  const health = await fetch(`${publicUrl}/health`);
  expect([health.status, health.headers.get("connection")]).toEqual([503, "close"]);
  const object = await fetch(`${publicUrl}/x/index.txt`);
  expect([object.status, object.headers.get("connection")]).toEqual([404, "close"]);
}
