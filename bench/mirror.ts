// How fast another server's location is followed: by copy, again with nothing new, and resealed.

import { buildArchive } from "../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { openArchive } from "../src/archive/open-archive.ts";
import { makeSigner } from "../test/support/sample-archives.ts";
import { withPostgres } from "./bench-postgres.ts";
import { type BenchServer, NOW, openBenchServer } from "./bench-server.ts";
import { type BenchSource, startBenchSource } from "./bench-source.ts";
import { perSecond, timeOf } from "./measure.ts";
import { judge, judgeMegabytes } from "./verdict.ts";

/** An archive of so many keys has about 1 MB. */
const KEYS_OF_A_MEGABYTE = 59_000;
const COPIED = 336;
const RESEALED = { archives: 10, keysEach: 500_000 };
const MOST_MEGABYTES = 400;

export function benchMirror(): Promise<void> {
  return withPostgres(async (url) => {
    await measureCopy(url);
    await measureReseal(url);
  });
}

async function measureCopy(url: string): Promise<void> {
  console.log(`Building ${COPIED} archives of 1 MB ...`);
  const source = await startBenchSource(COPIED, KEYS_OF_A_MEGABYTE, "same keys");
  const server = await openBenchServer(url);
  try {
    await addMirror(server, source, "copy");
    const first = await server.runJob("mirror");
    const requestsOfFirst = source.requestCount();
    const again = await server.runJob("mirror");
    const requestsOfSecond = source.requestCount() - requestsOfFirst;
    const { archives } = await server.mirrors.totals("national");
    if (archives !== COPIED) throw new Error(`${archives} archives were copied of ${COPIED}`);
    console.table({
      [`${COPIED} archives, ${Math.round(source.byteCount / 1_000_000)} MB`]: {
        seconds: (first / 1_000).toFixed(1),
        "MB/s": (source.byteCount / 1_000 / first).toFixed(1),
        requests: requestsOfFirst,
      },
      "again, with nothing new": { seconds: (again / 1_000).toFixed(3), requests: requestsOfSecond },
    });
    judge(requestsOfSecond === 1, `requests for nothing new: ${requestsOfSecond} (goal: 1, for the index)`);
    judgeMegabytes("memory of the server, copying", server.peakMegabytes(), MOST_MEGABYTES);
  } finally {
    await server.close();
    await source.close();
  }
}

async function measureReseal(url: string): Promise<void> {
  const { archives, keysEach } = RESEALED;
  const source = await startBenchSource(archives, keysEach);
  const server = await openBenchServer(url);
  try {
    await addMirror(server, source, "reseal");
    const resealed = await server.runJob("mirror");
    const { primaries } = await server.mirrors.totals("national");
    if (primaries !== archives * keysEach) throw new Error(`${primaries} keys were handed over`);
    const alone = await timeCodecAlone(source);
    const row = (milliseconds: number) => ({
      seconds: (milliseconds / 1_000).toFixed(1),
      "keys/s": perSecond(archives * keysEach, milliseconds),
    });
    console.table({ "reseal of 5 million keys": row(resealed), "decode, encode and sign alone": row(alone) });
    console.log(`reseal takes ${(resealed / alone).toFixed(1)} times what decode, encode and sign take alone`);
    judgeMegabytes("memory of the server, resealing", server.peakMegabytes(), MOST_MEGABYTES);
  } finally {
    await server.close();
    await source.close();
  }
}

/** Opens each archive under its own seal and builds it anew under another: no network, no database, no disk. */
async function timeCodecAlone(source: BenchSource): Promise<number> {
  const signers = [makeSigner().signer];
  let milliseconds = 0;
  for (const line of source.lines) {
    const bytes = await source.read(line);
    milliseconds += await timeOf(async () => {
      const opened = await openArchive(bytes, { trustedKeys: [source.signer.trustedKey], now: 0 }, nodeArchiveTools);
      const { header, primaries, revised } = opened;
      await buildArchive({ ...header, primaries, revised, signers }, nodeArchiveTools);
    });
  }
  return milliseconds;
}

async function addMirror(server: BenchServer, source: BenchSource, method: "copy" | "reseal"): Promise<void> {
  const names = { keyId: "999", keyVersion: "v1" };
  const own = { ...names, signingKey: "own", from: 0 };
  if (method === "reseal") await server.signingKeys.create("own");
  const foreign = { ...names, signingKey: null, publicKeyPem: source.signer.pem, from: 0 };
  await server.locations.create({ name: "mirrored", seal: method === "reseal" ? own : foreign });
  const settings = {
    name: "national",
    location: "mirrored",
    method,
    indexUrl: `${source.url}/index.txt`,
    baseUrl: source.url,
    region: "XX",
    maxRecords: 500_000,
    allowPrivateAddresses: true,
    from: NOW - 1,
    until: null,
  };
  await server.mirrors.create(settings, [{ ...names, publicKeyPem: source.signer.pem, from: 0, until: null }]);
}
