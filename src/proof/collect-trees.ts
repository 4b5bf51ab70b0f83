// Reads trees that count as one, such as the listings of a state, into partitions on disk.

import type { KeyBatch } from "../core/key-batch.ts";
import { releaseBytes } from "../core/release-bytes.ts";
import type { ArchiveFacts, ProofProblem, PublicTree, TemporaryFiles, TreeReading } from "./proof-types.ts";
import { readAhead } from "./read-ahead.ts";
import { type ArchiveReading, type ListedArchive, type ReadDeps, readListed, readListing } from "./read-tree.ts";
import { KeySpill } from "./spill-keys.ts";

/** Enough to fetch one while another is verified; each may take as much memory as an archive's limit allows. */
const READ_AHEAD = 2;

export interface CollectDeps extends ReadDeps {
  readonly files: TemporaryFiles;
  /** Ends the proof with its reason, between two archives. */
  readonly interrupted?: AbortSignal | undefined;
  /** Told before the first archive of a tree, and after each. */
  readonly progress?: ((tree: string, done: number, all: number) => void) | undefined;
}

/** Which archives of a listing are read. */
export interface ArchiveChoice {
  /** Those to read, in the order in which they are read. */
  order(listed: readonly ListedArchive[]): readonly ListedArchive[];
  /** Told the keys of each archive. */
  take(keys: KeyBatch): void;
  /** Asked after each archive; the rest is not read once it answers true. */
  isEnough(): boolean;
}

const ALL: ArchiveChoice = { order: (listed) => listed, take: () => undefined, isEnough: () => false };

export interface CollectedTrees {
  readonly spill: KeySpill;
  readonly archives: readonly ArchiveFacts[];
  readonly readings: readonly TreeReading[];
}

/** `name` begins the names of the temporary files. */
export async function collectTrees(
  deps: CollectDeps,
  name: string,
  trees: readonly PublicTree[],
  choice: ArchiveChoice = ALL,
): Promise<CollectedTrees> {
  const spill = new KeySpill(deps.files, name);
  const archives: ArchiveFacts[] = [];
  const readings: TreeReading[] = [];
  for (const tree of trees) {
    readings.push(await collectTree(deps, tree, { spill, archives }, choice));
  }
  return { spill, archives, readings };
}

async function collectTree(
  deps: CollectDeps,
  tree: PublicTree,
  { spill, archives }: { readonly spill: KeySpill; readonly archives: ArchiveFacts[] },
  choice: ArchiveChoice,
): Promise<TreeReading> {
  deps.interrupted?.throwIfAborted();
  const listing = await readListing(deps, tree);
  const chosen = choice.isEnough() ? [] : choice.order(listing.archives);
  const problems: ProofProblem[] = [...listing.problems];
  const totals = { archivesRead: 0, keys: 0, refusedKeys: 0, newestEnd: null as number | null };
  let done = 0;
  deps.progress?.(tree.name, 0, chosen.length);
  for await (const reading of readAhead(chosen, READ_AHEAD, (listed) => readListed(deps, tree, listed))) {
    deps.interrupted?.throwIfAborted();
    if ("problem" in reading) problems.push(reading.problem);
    else await take(reading);
    deps.progress?.(tree.name, ++done, chosen.length);
    if (choice.isEnough()) break;
  }
  const { name, indexUrl, baseUrl } = tree;
  return {
    name,
    indexUrl,
    baseUrl,
    indexDigest: listing.digest,
    indexMaxAgeSeconds: listing.maxAgeSeconds,
    indexServedAt: listing.servedAt,
    lines: listing.archives.length,
    ...totals,
    problems,
  };

  async function take({ line, archive }: Extract<ArchiveReading, { archive: unknown }>): Promise<void> {
    const { header, signedBy, primaries, revised, refusedCounts } = archive;
    const number = archives.length;
    const keys = primaries.length + revised.length;
    archives.push({
      tree: tree.name,
      line,
      start: header.start,
      end: header.end,
      region: header.region,
      signedBy,
      keys,
    });
    await spill.add(primaries, number, false);
    await spill.add(revised, number, true);
    for (const batch of [primaries, revised]) {
      choice.take(batch);
      releaseBytes(batch.bytes);
    }
    totals.archivesRead++;
    totals.keys += keys;
    totals.refusedKeys += Object.values(refusedCounts).reduce((sum, count) => sum + count, 0);
    totals.newestEnd = Math.max(totals.newestEnd ?? 0, header.end);
  }
}
