// What an import works on: due archives of a source, leased in portions, fetched and judged one after the other.

import type { UnixSeconds } from "../../core/clock.ts";
import { traceNothing } from "../../platform/observe/trace.ts";
import { type Attempt, attemptArchive } from "./attempt-archive.ts";
import type { ImportDeps, ImportSource, LeasedArchive } from "./import-types.ts";
import { leaseArchives, releaseArchives } from "./lease-archives.ts";

/** Attempts that hold so many keys together are saved before the next archive is fetched. */
const ENOUGH_KEYS = 100_000;

export class ArchiveFeed {
  private readonly deps: ImportDeps;
  private readonly source: ImportSource;
  private readonly dueAt: UnixSeconds;
  private readonly isOver: () => boolean;
  /** Leased, not begun. */
  private waiting: LeasedArchive[] = [];

  /** Feeds what was due at `dueAt`, until `isOver`. What fails is due again later, so every feed has an end. */
  constructor(deps: ImportDeps, source: ImportSource, dueAt: UnixSeconds, isOver: () => boolean) {
    this.deps = deps;
    this.source = source;
    this.dueAt = dueAt;
    this.isOver = isOver;
  }

  /**
   * The next archives, at most `limit`, the last of which alone may have failed. None: nothing is due, or the time is
   * over. Only trouble with the database rejects.
   */
  async next(limit: number): Promise<Attempt[]> {
    if (this.waiting.length === 0 && !this.isOver()) this.waiting = await this.lease(limit);
    const attempts: Attempt[] = [];
    let keyCount = 0;
    while (attempts.length < limit && keyCount < ENOUGH_KEYS && !this.isOver()) {
      const leased = this.waiting.shift();
      if (leased === undefined) break;
      const attempt = await this.attempt(leased);
      attempts.push(attempt);
      if ("error" in attempt) break;
      keyCount += attempt.judged.keyCount;
    }
    return attempts;
  }

  /** Gives back what waits. Where that fails the leases lapse. */
  async close(): Promise<void> {
    const waiting = this.waiting.splice(0);
    await releaseArchives(this.deps, waiting, this.deps.clock.now()).catch(() => undefined);
  }

  private attempt(leased: LeasedArchive): Promise<Attempt> {
    const { trace = traceNothing } = this.deps;
    const attributes = { source: this.source.name, line: leased.line };
    return trace("import.archive", attributes, () => attemptArchive(this.deps, this.source, leased));
  }

  private lease(limit: number): Promise<LeasedArchive[]> {
    const now = Math.max(this.dueAt, this.deps.clock.now());
    return leaseArchives(this.deps, this.source.id, this.dueAt, now, limit);
  }
}
