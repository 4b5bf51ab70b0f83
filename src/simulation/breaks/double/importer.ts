// The import of a double: what the source lists is opened until it has come in, one archive after the other.

import type { UnixSeconds } from "../../../core/clock.ts";
import { codeOf } from "../../../core/coded-error.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { releaseTime } from "../../../core/release-time.ts";
import type { Has } from "./defect.ts";
import { readSourceArchive, readSourceIndex, type Source, type SourceArchive } from "./read-source.ts";
import type { Shelf } from "./shelf.ts";
import { RELEASE } from "./take-upload.ts";

export interface ImporterOptions {
  readonly source: Source;
  readonly shelf: Shelf;
  readonly region: string;
  readonly has: Has;
}

export interface Importer {
  readonly run: (now: UnixSeconds) => Promise<void>;
  /** The process dies at the next archive, after it took the lease. */
  dieOnce(): void;
  /** The platform cuts the next run short before its first archive. */
  cutOnce(): void;
}

interface ListedArchive {
  state: "open" | "leased" | "complete" | "failed";
  leasedUntil: UnixSeconds;
}

const LEASE_SECONDS = 5_400;
/** A lock lives as long as a run may take; operators set that generously. */
const LOCK_SECONDS = 4 * 86_400;

export function createImporter({ source, shelf, region, has }: ImporterOptions): Importer {
  const archives = new Map<string, ListedArchive>();
  let dies = false;
  let isCut = false;
  let lockedUntil = 0;

  async function discover(): Promise<void> {
    const { status, lines } = await readSourceIndex(source);
    const isBelieved =
      status === 200 ? lines.length > 0 || has("empty-index-fails-imports") : has("error-page-is-index");
    if (!isBelieved) return;
    for (const line of lines) {
      if (!archives.has(line)) archives.set(line, { state: "open", leasedUntil: 0 });
    }
    if (!has("empty-index-fails-imports") && !has("error-page-is-index")) return;
    for (const [line, archive] of archives) {
      if (!lines.includes(line) && archive.state !== "complete") archive.state = "failed";
    }
  }

  function isDue(archive: ListedArchive, now: UnixSeconds): boolean {
    if (archive.state === "open") return true;
    return archive.state === "leased" && archive.leasedUntil <= now && !isNeverResumed(has);
  }

  async function importArchive(line: string, archive: ListedArchive, now: UnixSeconds): Promise<void> {
    archive.state = "leased";
    archive.leasedUntil = now + LEASE_SECONDS;
    if (dies) {
      dies = false;
      throw new Error("the process died");
    }
    const content = await readOrNull(line, now);
    if (content !== null) take(content, now);
    const isDone = content !== null || has("failed-import-is-complete");
    archive.state = isDone ? "complete" : "open";
  }

  /** null: to be tried again. */
  async function readOrNull(line: string, now: UnixSeconds): Promise<SourceArchive | null> {
    try {
      return await readSourceArchive(source, line, now);
    } catch (error) {
      const code = codeOf(error) ?? "";
      if (has("large-archive-kills-import") && code.includes("too_large")) throw error;
      if (has("short-archive-kills-import") && code === "archive_header_invalid") throw error;
      return null;
    }
  }

  function take({ primaries, revised }: SourceArchive, now: UnixSeconds): void {
    if (has("foreign-revision-aborts-archive") && revised.some(isForeign)) return;
    for (const key of primaries) {
      if (shelf.find(key) === undefined) {
        shelf.add(changed(key), { region, origin: "import", releasedAt: releaseTime(key, now, RELEASE) });
      } else shelf.revise(key, now);
    }
    for (const key of has("foreign-revisions-dropped") ? [] : revised) {
      const stored = shelf.find(key);
      if (stored === undefined) {
        shelf.add(key, { region, origin: "import", releasedAt: releaseTime(key, now, RELEASE) });
      } else shelf.revise(key, now);
    }
  }

  function isForeign(key: ExposureKey): boolean {
    return shelf.find(key)?.origin === "upload";
  }

  function changed(key: ExposureKey): ExposureKey {
    return has("onset-lost") ? { ...key, daysSinceOnset: null } : key;
  }

  return {
    async run(now) {
      if (now < lockedUntil) return;
      if (isCut) {
        isCut = false;
        if (has("lock-outlives-cut-run")) lockedUntil = now + LOCK_SECONDS;
        return;
      }
      await discover();
      for (const [line, archive] of archives) if (isDue(archive, now)) await importArchive(line, archive, now);
    },
    dieOnce: () => {
      dies = true;
    },
    cutOnce: () => {
      isCut = true;
    },
  };
}

/** The retry filter lets only open ones through; what was interrupted, by a crash of its own making as well, stays leased. */
function isNeverResumed(has: Has): boolean {
  return (
    has("interrupted-import-not-resumed") || has("large-archive-kills-import") || has("short-archive-kills-import")
  );
}
