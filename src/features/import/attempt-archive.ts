// The first half of an attempt at a leased archive: fetch it and judge it.

import { fetchArchive } from "../upstreams/fetch-archive.ts";
import { readTrustedKeys } from "../upstreams/trusted-keys.ts";
import type { SeenContent } from "../upstreams/upstream-types.ts";
import {
  fetchDeps,
  type ImportCounts,
  type ImportDeps,
  type ImportSource,
  type LeasedArchive,
} from "./import-types.ts";
import { type JudgedArchive, judgeArchive } from "./judge-archive.ts";

/** Its keys may be saved. */
export interface PreparedArchive {
  readonly leased: LeasedArchive;
  /** Without those that were saved ahead. */
  readonly judged: JudgedArchive;
  readonly seen: SeenContent;
  /** What became of keys that were saved before its completion. */
  readonly ahead?: ImportCounts["outcomes"];
}

export interface FailedArchive {
  readonly leased: LeasedArchive;
  readonly error: unknown;
  /** null when nothing was there. */
  readonly seen: SeenContent | null;
}

export type Attempt = PreparedArchive | FailedArchive;

export async function attemptArchive(deps: ImportDeps, source: ImportSource, leased: LeasedArchive): Promise<Attempt> {
  let seen: SeenContent | null = null;
  try {
    const fetched = await fetchArchive(fetchDeps(deps), source, leased.line);
    seen = fetched.seen;
    // After the fetch, which may take minutes: an operator may have added the key meanwhile.
    const trustedKeys = await readTrustedKeys(deps, deps.database.db, source.upstreamId);
    const { discoveredAt } = leased;
    const archive = { ...fetched, discoveredAt, now: deps.clock.now() };
    return { leased, judged: await judgeArchive(deps, source, trustedKeys, archive), seen };
  } catch (error) {
    return { leased, error, seen };
  }
}
