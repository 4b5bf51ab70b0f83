// A real server on the embedded database that is killed in the middle of an import and of an export, and started again.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { KEYS_AN_ARCHIVE, type LiveServer, makeLiveServer } from "../support/live-server.ts";
import { PATIENCE } from "../support/patience.ts";
import { buildSample, makeSigner, type SampleSigner } from "../support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";

const ARCHIVES = 6;
const KEYS = 50;

/** Keys of three days ago that no other archive has. */
function keysOf(archive: number): KeyBatch {
  const rollingStart = (Math.floor(systemClock.now() / 86_400) - 3) * 144;
  return KeyBatch.from(
    Array.from({ length: KEYS }, (_, index) => ({
      keyData: Uint8Array.from({ length: 16 }, (_byte, at) => (at === 0 ? archive : at === 1 ? index : 7)),
      rollingStart,
      rollingPeriod: 144,
      transmissionRisk: 0,
      reportType: 1 as const,
      daysSinceOnset: 0,
    })),
  );
}

/** Serves an index of archives, of which the fourth does not come before `release` is called. */
async function serveArchives(source: SourceServer, signer: SampleSigner) {
  const { promise: after, resolve: release } = Promise.withResolvers<void>();
  const start = systemClock.now() - 7_200;
  const lines: string[] = [];
  for (let archive = 0; archive < ARCHIVES; archive++) {
    const window = { start: start + archive * 60, end: start + archive * 60 + 60 };
    const content = { ...window, primaries: keysOf(archive), revised: KeyBatch.empty };
    const line = `${archive}.zip`;
    lines.push(line);
    source.put(`/${line}`, { body: await buildSample([signer], content), ...(archive === 3 ? { after } : {}) });
  }
  source.put("/index.txt", { body: lines.join("\n") });
  return { asked: source.nextRequest("/3.zip"), release };
}

async function addSource(server: LiveServer, source: SourceServer, pem: string): Promise<void> {
  const urls = { indexUrl: `${source.url}/index.txt`, baseUrl: `${source.url}/` };
  const added = await server.ask("/v1/sources", { name: "other", ...urls, region: "XX", allowPrivateAddresses: true });
  expect(added).toMatchObject({ status: 201 });
  const trusted = await server.ask("/v1/sources/other/trusted-keys", {
    keyId: "999",
    keyVersion: "v1",
    publicKeyPem: pem,
  });
  expect(trusted).toMatchObject({ status: 201 });
}

test("what a killed import and a killed export had begun is done by the next process, each key once", async () => {
  await using stack = new AsyncDisposableStack();
  const source = await startSourceServer();
  stack.defer(() => source.close());
  const server = stack.use(await makeLiveServer());
  await server.startLater(0);

  const signer = makeSigner();
  const { asked, release } = await serveArchives(source, signer);
  await addSource(server, source, signer.pem);
  server.expectKeys(ARCHIVES * KEYS);
  await asked;
  await server.kill();
  release();

  await server.startLater(20);
  await server.everythingIsPublished();
  expect(await server.ask("/v1/sources/other")).toMatchObject({
    body: { files: { waiting: 0, quarantined: 0, complete: ARCHIVES } },
  });

  const objects = () => readdirSync(join(server.folder, "objects", "client")).length;
  for (let [isKilledWithin, minutes] = [false, 40]; !isKilledWithin; minutes += 20) {
    const before = objects();
    await server.generate(300);
    await vi.waitFor(() => expect(objects()).toBeGreaterThan(before + 2), { ...PATIENCE, interval: 1 });
    await server.kill();
    // Several archives of the window are there, and many are still to come; else this looked too late.
    isKilledWithin = objects() < before + (300 * 13) / KEYS_AN_ARCHIVE;
    await server.startLater(minutes);
    await server.everythingIsPublished();
  }
});
