// Whether one source that accepts connections and hangs delays the others: ten sources, two processes of a server, and the
// delay from the listing of an archive to its import, without and with a hanging source.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { KeyBatch } from "../src/core/key-batch.ts";
import { buildSample, keysOfPeople, makeSigner, SAMPLE_WINDOW } from "../test/support/sample-archives.ts";
import { startSourceServer } from "../test/support/source-server.ts";
import { withPostgres } from "./bench-postgres.ts";
import { startFollowingServer } from "./following-server.ts";
import { judge } from "./verdict.ts";

const SOURCES = Array.from({ length: 10 }, (_, at) => `source-${at}`);
const [HANGING = "", ...OTHERS] = SOURCES;
/** Of both jobs; an archive waits up to two of them. */
const PERIOD_SECONDS = 10;
const ROUNDS = 18;
const MOST_TIMES = 1.1;

/** Milliseconds from listing to import, of each archive of the nine. */
type Delays = readonly number[];

export function benchSubjects(): Promise<void> {
  return withPostgres(async (url) => {
    // At the same time, so that whatever else the machine does delays both.
    const [alone, beside] = await Promise.all([measure(url, false), measure(url, true)]);
    const row = (delays: Delays) => ({
      archives: delays.length,
      "p50 s": seconds(percentile(delays, 0.5)),
      "p95 s": seconds(percentile(delays, 0.95)),
      "longest s": seconds(Math.max(...delays)),
    });
    console.table({ "nine of ten that answer": row(alone), "nine beside one that hangs": row(beside) });
    const times = percentile(beside, 0.95) / percentile(alone, 0.95);
    judge(
      times <= MOST_TIMES,
      `p95 of the nine, times what it is without: ${times.toFixed(2)} (goal: at most ${MOST_TIMES})`,
    );
  });
}

/**
 * Lists an archive a round at each source, at a moment of the period that moves on from round to round and is the same in
 * every measurement.
 */
async function measure(databaseUrl: string, isOneHanging: boolean): Promise<Delays> {
  console.log(`Following ${SOURCES.length} sources${isOneHanging ? ", of which one hangs" : ""}, for four minutes ...`);
  await using upstream = await startUpstream();
  await using server = await startFollowingServer(databaseUrl, PERIOD_SECONDS);
  for (const name of SOURCES) {
    const base = `${upstream.url}/${name}`;
    await server.addSource(name, `${base}/index.txt`, base, upstream.trustedKey);
  }
  await upstream.publish(SOURCES);
  await server.imported(SOURCES.length);
  if (isOneHanging) await upstream.hang(HANGING);

  const listedAt = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const moment = (round / ROUNDS) * PERIOD_SECONDS * 1_000;
    await pause(untilMoment(moment));
    const at = performance.now();
    for (const line of await upstream.publish(OTHERS)) listedAt.set(line, at);
    // The next round has a period of its own.
    await pause((PERIOD_SECONDS * 1_000) / 2);
  }
  const importedAt = await server.imported(SOURCES.length + listedAt.size);
  return [...listedAt].map(([line, at]) => (importedAt.get(line) ?? Number.POSITIVE_INFINITY) - at);
}

/** Slots of periods begin at full periods of the clock. */
function untilMoment(milliseconds: number): number {
  const period = PERIOD_SECONDS * 1_000;
  return (milliseconds - (Date.now() % period) + period) % period;
}

async function startUpstream() {
  const signer = makeSigner();
  const server = await startSourceServer();
  const indexes = new Map<string, string[]>(SOURCES.map((name) => [name, []]));
  const release = Promise.withResolvers<void>();
  return {
    url: server.url,
    trustedKey: { keyId: "999", keyVersion: "v1", publicKeyPem: signer.pem },
    /** Lists one more archive at each; answers the lines. */
    async publish(names: readonly string[]): Promise<string[]> {
      const lines: string[] = [];
      for (const name of names) {
        const line = `${randomUUID()}.zip`;
        const { start, end } = SAMPLE_WINDOW;
        const content = { primaries: keysOfPeople(20), revised: KeyBatch.empty, start, end };
        server.put(`/${name}/${line}`, { body: await buildSample([signer], content) });
        lines.push(line);
      }
      for (const [at, name] of names.entries()) {
        const listed = indexes.get(name) ?? [];
        listed.push(lines[at] ?? "");
        server.put(`/${name}/index.txt`, { body: listed.join("\n"), contentType: "text/plain" });
      }
      return lines;
    },
    /** From now on it accepts connections and says nothing, when asked for archives that it lists and for its index. */
    async hang(name: string) {
      const hanging = ["hangs-1.zip", "hangs-2.zip", "hangs-3.zip"];
      for (const line of hanging) server.put(`/${name}/${line}`, { after: release.promise });
      const asked = server.nextRequest(`/${name}/${hanging[0]}`);
      server.put(`/${name}/index.txt`, { body: hanging.join("\n"), contentType: "text/plain" });
      await asked;
      server.put(`/${name}/index.txt`, { after: release.promise });
    },
    async [Symbol.asyncDispose]() {
      release.resolve();
      await server.close();
    },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(2);
}
