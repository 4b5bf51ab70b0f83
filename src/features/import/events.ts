// What the import says about what happened: one function per business event.

import type { Report } from "../../platform/observe/report.ts";
import { sumOutcomes } from "./import-counts.ts";
import type { ImportCounts, ImportSource, ListedArchive } from "./import-types.ts";
import type { ArchiveProgress } from "./state-machine.ts";

export function reportListed(
  report: Report,
  source: ImportSource,
  listing: { lines: number; added: number; vanished: number; refused: number },
): void {
  report({ event: "import.index-listed", source: source.name, ...listing });
}

export function reportSuspicious(
  report: Report,
  source: ImportSource,
  listing: { code: string; lines: number; added: number; vanished: number; refused: number },
): void {
  report({ event: "import.index-suspicious", level: "warn", source: source.name, ...listing });
}

export function reportIndexFailed(report: Report, source: ImportSource, code: string, reason: string): void {
  report({ event: "import.index-failed", level: "warn", source: source.name, code, reason });
}

export function reportCompleted(
  report: Report,
  source: ImportSource,
  archive: ListedArchive,
  counts: ImportCounts,
): void {
  const { keyCount, refusedCount, outcomes } = counts;
  const { savedCount, repeatedCount, droppedCount } = sumOutcomes(outcomes);
  report({
    event: "import.archive-completed",
    source: source.name,
    line: archive.line,
    keyCount,
    savedCount,
    repeatedCount,
    droppedCount,
    refusedCount,
    inserted: outcomes.inserted ?? 0,
    revised: outcomes.revised ?? 0,
    duplicate: outcomes.duplicate ?? 0,
  });
}

/** The archive's lease lapsed while it was worked on and somebody else has taken over; nothing was saved. */
export function reportLeaseLost(report: Report, source: ImportSource, archive: ListedArchive): void {
  report({ event: "import.lease-lost", level: "warn", source: source.name, line: archive.line });
}

/** Archives could not be saved in one transaction; each is saved by itself now. */
export function reportSeparated(report: Report, source: ImportSource, archives: number, error: unknown): void {
  report({ event: "import.archives-separated", level: "warn", source: source.name, archives, reason: String(error) });
}

export function reportFailed(
  report: Report,
  source: ImportSource,
  archive: ListedArchive,
  progress: ArchiveProgress,
  error: unknown,
): void {
  const isQuarantined = progress.state === "quarantined";
  report({
    event: isQuarantined ? "import.archive-quarantined" : "import.archive-retried",
    level: isQuarantined ? "error" : "warn",
    source: source.name,
    line: archive.line,
    code: progress.reason,
    attempts: progress.attempts,
    nextAttemptAt: progress.nextAttemptAt,
    reason: String(error),
  });
}

export function reportReopened(
  report: Report,
  source: ImportSource,
  archive: ListedArchive,
  why: "operator" | "newly_trusted" | "content_changed" | "source_changed",
): void {
  report({ event: "import.archive-reopened", source: source.name, line: archive.line, why });
}

export function reportSourceUnreachable(report: Report, source: ImportSource, code: string | null): void {
  report({ event: "import.source-unreachable", level: "warn", source: source.name, code });
}

export function reportSourceFailed(report: Report, source: ImportSource, code: string, reason: string): void {
  report({ event: "import.source-failed", level: "error", source: source.name, code, reason });
}

export function reportSourceAdded(report: Report, source: ImportSource): void {
  report({ event: "import.source-added", source: source.name, region: source.region });
}

export function reportSourceChanged(report: Report, source: ImportSource): void {
  report({ event: "import.source-changed", source: source.name });
}

/** `givenUp`: why an operator ended it with something left; null: nothing was left. */
export function reportSourceEnded(report: Report, source: ImportSource, givenUp: string | null): void {
  report({ event: "import.source-ended", level: givenUp === null ? "info" : "warn", source: source.name, givenUp });
}
