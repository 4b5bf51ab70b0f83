// Writers of one index in a bucket, behind a proxy that cuts, delays and repeats: no line is lost, none is taken back.

import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CounterpartName } from "../../scripts/counterparts/counterparts.ts";
import { freshPrefix, openServiceStore, SERVICES, type ServiceName } from "../support/bucket-stores.ts";
import { startProgram } from "../support/child-program.ts";
import { isInstalled, type RunningCounterpart } from "../support/counterparts.ts";
import { type FaultyProxy, startFaultyProxy } from "../support/faulty-proxy.ts";

/** By two processes. */
const LINES = { s3: 1_000, gcs: 300, azure: 300 } as const;

describe.each([
  ["s3", "versitygw"],
  ["gcs", "fake-gcs-server"],
  ["azure", "azurite"],
] as [ServiceName, CounterpartName][])("%s by %s", (name, program) => {
  if (!isInstalled("libraries", program)) {
    test.skip(`${program} cannot be had here`, () => undefined);
    return;
  }
  const service = SERVICES[name];
  let running: RunningCounterpart;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    running = await service.start();
    await service.prepare(running.endpoint);
    proxy = await startFaultyProxy(running.endpoint, 16);
  });
  afterAll(async () => {
    await proxy.close();
    await running.stop();
  });

  test("two processes that write one index lose no line, and no look at it ever sees a line go", async () => {
    const prefix = freshPrefix();
    const each = LINES[name] / 2;
    const writers = ["one", "two"].map((writer) => {
      return startProgram("bucket-lines-program.ts", [name, proxy.url, prefix, writer, String(each)]).process;
    });
    const ends = Promise.all(writers.map((writer) => once(writer, "exit")));
    const over = new AbortController();
    void ends.finally(() => over.abort());

    const blobs = await openServiceStore(service, running.endpoint, prefix);
    const read = async () => new TextDecoder().decode((await blobs.get("index.txt"))?.bytes);
    let before = await read();
    while (!over.signal.aborted) {
      const now = await read();
      if (!now.startsWith(before)) expect(now).toBe(before);
      before = now;
    }
    expect(await ends).toEqual([
      [0, null],
      [0, null],
    ]);
    const lines = (await read()).split("\n");
    expect(lines).toHaveLength(LINES[name]);
    expect(new Set(lines).size).toBe(LINES[name]);
    expect(Math.min(...Object.values(proxy.struck))).toBeGreaterThan(0);
  });
});
