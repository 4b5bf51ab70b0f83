// The text of `enks archive inspect`.

import type { SignatureInfo } from "../../archive/archive-types.ts";
import type { ArchiveOddity, Unusual } from "../../archive/inspect-archive.ts";
import { type ReportType } from "../../core/exposure-key.ts";
import { reportTypeName } from "../../core/report-type.ts";
import type { ArchiveSummary, KeySummary, ValueCount } from "./summarise-archive.ts";

/** Lines for people, each ended by LF. Texts of the archive are quoted and escaped, as nobody vouches for them. */
export function renderSummary(summary: ArchiveSummary): string {
  const lines = [
    row("digest", summary.digest),
    row("export.bin", `${summary.exportBytes} bytes`),
    row("window", `${summary.window.from} to ${summary.window.until} (${summary.window.start}-${summary.window.end})`),
    row("region", quote(summary.region)),
    row("batch", `${summary.batchNum ?? "absent"} of ${summary.batchSize ?? "absent"}`),
    ...summary.signatureInfos.map((info) => row("named signer", describeInfo(info))),
    ...summary.signatures.map((info) => row("signature", describeInfo(info))),
    row("primary keys", String(summary.primaries.count)),
    row("revised keys", String(summary.revised.count)),
    row("refused keys", String(summary.refused.count)),
    ...Object.entries(summary.refused.byReason).map(([reason, count]) => row(`  ${reason}`, String(count))),
    ...summary.unusual.map((unusual) => row("unusual", describeUnusual(unusual))),
    ...renderKeys("primary keys", summary.primaries),
    ...renderKeys("revised keys", summary.revised),
  ];
  return `${lines.join("\n")}\n`;
}

function row(label: string, value: string): string {
  return `${label.padEnd(22)} ${value}`;
}

/** What it is, and how servers take such archives (docs/migrate/foreign-archives.md). */
function describeUnusual({ oddity, detail }: Unusual): string {
  const about = detail === "" ? "" : ` ${quote(detail.slice(0, 60))}`;
  return `${oddity}${about}: ${WAYS_OUT[oddity]}`;
}

const REFUSED = "refused by sources and mirrors";
const WAYS_OUT: Readonly<Record<ArchiveOddity, string>> = {
  archive_entry_unexpected: "taken with --other-entries",
  archive_entry_doubled: REFUSED,
  archive_entry_missing: REFUSED,
  archive_zip_damaged: REFUSED,
  archive_inflate_failed: REFUSED,
  archive_inflated_too_large: REFUSED,
  archive_signature_list_damaged: REFUSED,
  archive_unsigned: REFUSED,
  archive_algorithm_unsupported: REFUSED,
  archive_batch_incomplete: "taken with --batch-parts",
  algorithm_by_name: "read as ECDSA with SHA-256",
  signer_without_id: 'trusted with --key-id ""',
  signer_without_version: 'trusted with --key-version ""',
  region_absent: 'taken by a source with --header-regions ""',
  window_none: "read; the window says nothing",
  keys_absent: "read; there is nothing to take",
  keys_doubled: "read; each key counts once",
};

function describeInfo({ keyId, keyVersion, algorithm }: SignatureInfo): string {
  const parts = { id: keyId, version: keyVersion, algorithm };
  return Object.entries(parts)
    .map(([name, value]) => `${name} ${value === null ? "absent" : quote(value)}`)
    .join(", ");
}

/** In quotation marks, with escapes for everything that a terminal could take as more than text. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderKeys(title: string, keys: KeySummary): string[] {
  if (keys.count === 0) return [];
  return [
    ...renderHistogram(`${title} by report type`, keys.reportType, reportTypeLabel),
    ...renderHistogram(`${title} by transmission risk`, keys.transmissionRisk),
    ...renderHistogram(`${title} by rolling period`, keys.rollingPeriod),
    ...renderHistogram(`${title} by age in days at the archive's end`, keys.ageDays),
    ...renderHistogram(`${title} by days since onset`, keys.daysSinceOnset),
  ];
}

const MOST_BARS = 30;
const BAR_WIDTH = 40;

function renderHistogram(
  title: string,
  values: readonly ValueCount[],
  label: (value: number) => string = String,
): string[] {
  const bars = values.length <= MOST_BARS ? values.map(labelled(label)) : foldRare(values, label);
  const highest = Math.max(...bars.map(({ count }) => count));
  const widest = Math.max(...bars.map(({ text }) => text.length));
  const digits = String(highest).length;
  return [
    "",
    title,
    ...bars.map(({ text, count }) => {
      const bar = "#".repeat(Math.max(1, Math.round((count / highest) * BAR_WIDTH)));
      return `  ${text.padStart(widest)}  ${String(count).padStart(digits)}  ${bar}`;
    }),
  ];
}

interface Bar {
  readonly text: string;
  readonly count: number;
}

function labelled(label: (value: number) => string): (entry: ValueCount) => Bar {
  return ({ value, count }) => ({ text: value === null ? "absent" : label(value), count });
}

/** The most frequent values in their order, and one bar for all others. */
function foldRare(values: readonly ValueCount[], label: (value: number) => string): Bar[] {
  const frequent = new Set([...values].sort((a, b) => b.count - a.count).slice(0, MOST_BARS - 1));
  const others = values.filter((entry) => !frequent.has(entry));
  const count = others.reduce((sum, entry) => sum + entry.count, 0);
  return [...values.filter((entry) => frequent.has(entry)).map(labelled(label)), { text: "others", count }];
}

function reportTypeLabel(value: number): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- values come from a key batch
  return reportTypeName(value as ReportType);
}
