// Another server's second location for benchmarks: archives in a temporary folder, served over loopback HTTP.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveName } from "../src/archive/archive-name.ts";
import { HOUR } from "../src/core/clock.ts";
import { KeyBatch } from "../src/core/key-batch.ts";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { headersOf } from "../src/platform/blobs/object-headers.ts";
import { startObjectServer } from "../src/platform/http/object-server.ts";
import {
  buildSample,
  keysOfPeople,
  makeSigner,
  SAMPLE_WINDOW,
  type SampleSigner,
} from "../test/support/sample-archives.ts";

export interface BenchSource {
  /** The index is at `<url>/index.txt`. */
  readonly url: string;
  readonly signer: SampleSigner;
  readonly lines: readonly string[];
  /** Of all archives together. */
  readonly byteCount: number;
  requestCount(): number;
  read(line: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Serves `archives` archives of `keysEach` keys, an hour each, the last of which ends with the sample window. New keys in
 * each, or the same in all: then only their windows differ, and they are made much faster.
 */
export async function startBenchSource(
  archives: number,
  keysEach: number,
  keys: "new keys" | "same keys" = "new keys",
): Promise<BenchSource> {
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-source-"));
  const blobs = await openFilesystemBlobs(folder);
  const signer = makeSigner();
  const lines: string[] = [];
  let byteCount = 0;
  const makeKeys = () => keysOfPeople(Math.ceil(keysEach / 14)).slice(0, keysEach);
  const same = keys === "same keys" ? makeKeys() : null;
  for (let index = 0; index < archives; index++) {
    const end = SAMPLE_WINDOW.end - (archives - 1 - index) * HOUR;
    const line = archiveName(end - HOUR, end);
    const primaries = same ?? makeKeys();
    const bytes = await buildSample([signer], { primaries, revised: KeyBatch.empty, start: end - HOUR, end });
    await blobs.put(line, bytes, headersOf(line));
    lines.push(line);
    byteCount += bytes.length;
  }
  await blobs.put("index.txt", new TextEncoder().encode(lines.join("\n")), headersOf("index.txt"));
  let requests = 0;
  const server = await startObjectServer({
    blobs,
    host: "127.0.0.1",
    port: 0,
    report: () => {},
    isPublic: () => ++requests > 0,
  });
  return {
    url: server.url,
    signer,
    lines,
    byteCount,
    requestCount: () => requests,
    async read(line) {
      const blob = await blobs.get(line);
      if (!blob) throw new Error(`there is no ${line}`);
      return blob.bytes;
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
