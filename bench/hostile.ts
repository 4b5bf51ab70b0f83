// How long an archive that means harm keeps the event loop from everything else.

import { buildArchive } from "../src/archive/build-archive.ts";
import { inspectArchive } from "../src/archive/inspect-archive.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { openArchive } from "../src/archive/open-archive.ts";
import { codeOf } from "../src/core/coded-error.ts";
import type { KeyBatch } from "../src/core/key-batch.ts";
import { sortKeys } from "../src/core/sort-keys.ts";
import { runWithPauses } from "../src/core/steps.ts";
import { DEFAULT_SETTINGS, type ImportSource } from "../src/features/import/import-types.ts";
import { judgeArchive } from "../src/features/import/judge-archive.ts";
import { filterContent } from "../src/features/locations/filter-content.ts";
import { makeSigner, SAMPLE_WINDOW } from "../test/support/sample-archives.ts";
import { HOSTILE_ARCHIVES } from "./hostile-archives.ts";
import { judge } from "./verdict.ts";

const MOST_MILLISECONDS = 50;

/** Reads each archive as import, mirror and inspection do; prints how long that takes, and the longest stall meanwhile. */
export async function benchHostile(option = ""): Promise<void> {
  const signer = makeSigner();
  const [tools, now] = [nodeArchiveTools, SAMPLE_WINDOW.end];
  const trustedKeys = [signer.trustedKey];
  const source = { name: "hostile", headerRegions: ["XX"], otherEntries: [] } as unknown as ImportSource;
  const readers: Readonly<Record<string, (bytes: Uint8Array) => Promise<unknown>>> = {
    import: async (bytes) => {
      const seen = { digest: "", byteCount: bytes.length, etag: null, lastModified: null };
      const fetched = { bytes, seen, discoveredAt: now, now };
      const judged = await judgeArchive(
        { archiveTools: tools, settings: DEFAULT_SETTINGS },
        source,
        trustedKeys,
        fetched,
      );
      for (const batch of [judged.primaries, judged.revised]) await runWithPauses(sortKeys(batch), tools.letOthersWork);
    },
    mirror: async (bytes) => {
      const opened = await openArchive(bytes, { trustedKeys, now }, tools);
      const { primaries, revised } = opened;
      const filtered = await filterContent(primaries, revised, nothingPublished());
      await buildArchive({ ...SAMPLE_WINDOW, ...filtered, signers: [signer.signer] }, tools);
    },
    inspect: (bytes) => inspectArchive(bytes, tools),
  };
  const rows = [];
  for (const [archive, make] of HOSTILE_ARCHIVES.filter(([what]) => what.includes(option))) {
    const bytes = await make(signer);
    for (const [reader, read] of Object.entries(readers)) {
      const stall = watchStalls();
      const begunAt = performance.now();
      const outcome = await read(bytes).then(
        () => "taken",
        (error: unknown) => codeOf(error) ?? String(error),
      );
      const milliseconds = Math.round(performance.now() - begunAt);
      const longest = await stall.end();
      rows.push({
        archive,
        KB: Math.round(bytes.length / 1024),
        reader,
        outcome,
        milliseconds,
        "longest stall": longest,
      });
    }
  }
  console.table(rows);
  for (const reader of Object.keys(readers)) {
    const longest = Math.max(...rows.filter((row) => row.reader === reader).map((row) => row["longest stall"]));
    judge(
      longest <= MOST_MILLISECONDS,
      `longest stall, ${reader}: ${longest} ms (goal: at most ${MOST_MILLISECONDS} ms)`,
    );
  }
}

/**
 * A turn of the event loop after the other; `end` answers the longest, in milliseconds of this thread's own computing, so
 * that whatever else the machine does counts for nothing.
 */
function watchStalls(): { end(): Promise<number> } {
  let [longest, last, isOver] = [0, computed(), false];
  const look = () => {
    const now = computed();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const turn = () => {
    look();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    async end() {
      isOver = true;
      await new Promise((resolve) => setImmediate(resolve));
      look();
      return Math.round(longest);
    },
  };
}

// oxlint-disable-next-line require-yield -- a stream without a byte
async function* nothingPublished(): AsyncGenerator<KeyBatch> {}

/** Milliseconds that this thread has computed. */
function computed(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
