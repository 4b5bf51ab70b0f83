// What an operator wants to know of a source: is it fresh, what waits, what was refused and why.

import type { UnixSeconds } from "../../../core/clock.ts";
import { readUpstream } from "../../upstreams/queries.ts";
import { readTrusted } from "../../upstreams/trust-queries.ts";
import type { ListingCheck, StoredTrustedKey } from "../../upstreams/upstream-types.ts";
import type { ImportCounts, ImportDeps, ImportSource, UnfinishedArchive } from "../import-types.ts";
import { countArchives, readUnfinished, sumCounts } from "../queries.ts";
import type { ArchiveState } from "../state-machine.ts";
import { findSource } from "./find-source.ts";

export interface SourceStatus {
  readonly source: ImportSource;
  readonly indexCheck: ListingCheck;
  /** Since the index could last be read; null when it never could. */
  readonly freshnessSeconds: number | null;
  /** Since the discovery of the oldest archive that is neither complete nor quarantined; 0 when there is none. */
  readonly lagSeconds: number;
  readonly archives: Readonly<Record<ArchiveState, number>>;
  readonly lastCompletedAt: UnixSeconds | null;
  /** Neither complete nor quarantined, in their order. */
  readonly waiting: readonly UnfinishedArchive[];
  readonly quarantined: readonly UnfinishedArchive[];
  /** Over all archives. */
  readonly keys: Pick<ImportCounts, "outcomes" | "refusals">;
  readonly trustedKeys: readonly StoredTrustedKey[];
}

/** Throws `source_unknown`. */
export async function sourceStatus({ database: { db }, clock }: ImportDeps, name: string): Promise<SourceStatus> {
  const source = await findSource(db, name);
  const now = clock.now();
  const { check: indexCheck } = await readUpstream(db, source.upstreamId);
  const counted = await countArchives(db, source.id);
  const unfinished = await readUnfinished(db, source.id);
  const waiting = unfinished.filter(({ state }) => state !== "quarantined");
  const completions = counted.map(({ lastCompletedAt }) => lastCompletedAt).filter((at) => at !== null);
  return {
    source,
    indexCheck,
    freshnessSeconds: indexCheck.reachedAt === null ? null : now - indexCheck.reachedAt,
    lagSeconds: waiting.length === 0 ? 0 : now - Math.min(...waiting.map(({ discoveredAt }) => discoveredAt)),
    archives: { ...NO_ARCHIVES, ...Object.fromEntries(counted.map(({ state, count }) => [state, count])) },
    lastCompletedAt: completions.length === 0 ? null : Math.max(...completions),
    waiting,
    quarantined: unfinished.filter(({ state }) => state === "quarantined"),
    keys: await sumKeys(db, source.id),
    trustedKeys: (await readTrusted(db, [source.upstreamId])).get(source.upstreamId) ?? [],
  };
}

const NO_ARCHIVES: SourceStatus["archives"] = {
  open: 0,
  leased: 0,
  retry: 0,
  complete: 0,
  quarantined: 0,
  skipped: 0,
};

async function sumKeys(db: ImportDeps["database"]["db"], sourceId: number): Promise<SourceStatus["keys"]> {
  const sums = await sumCounts(db, sourceId);
  const ofKind = (kind: string) =>
    Object.fromEntries(sums.filter((sum) => sum.kind === kind).map(({ name, total }) => [name, total]));
  return { outcomes: ofKind("outcomes"), refusals: ofKind("refusals") };
}
