// What became of many test uploads, for people and as JSON.

import { isoTime } from "../../core/clock.ts";
import { plainJson, plainText } from "../output/plain-text.ts";
import { type Column, renderTable } from "../render-table.ts";
import type { ProbeResult } from "./send-test-uploads.ts";

export interface ProbeSummary {
  readonly kind: ProbeResult["kind"];
  readonly requests: number;
  readonly good: number;
  readonly failed: number;
  /** Of those that were sent, also of those that failed; null: none was. */
  readonly p50Milliseconds: number | null;
  readonly p99Milliseconds: number | null;
}

export interface Tally {
  add(result: ProbeResult): void;
  /** One for each kind that there was. */
  summaries(): ProbeSummary[];
}

/** A prober may run for ever: percentiles are of so many of the latest. */
const REMEMBERED_TIMES = 100_000;

export function createTally(): Tally {
  const kinds = new Map<ProbeResult["kind"], { good: number; failed: number; sent: number; times: number[] }>();
  return {
    add({ kind, isGood, milliseconds }) {
      const counted = kinds.get(kind) ?? { good: 0, failed: 0, sent: 0, times: [] };
      kinds.set(kind, counted);
      if (isGood) counted.good++;
      else counted.failed++;
      if (milliseconds !== null) counted.times[counted.sent++ % REMEMBERED_TIMES] = milliseconds;
    },
    summaries: () =>
      [...kinds].map(([kind, { good, failed, times }]) => {
        const sorted = times.toSorted((left, right) => left - right);
        const [p50Milliseconds, p99Milliseconds] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
        return { kind, requests: good + failed, good, failed, p50Milliseconds, p99Milliseconds };
      }),
  };
}

/** The least of the times, which are sorted, that so large a share of them does not exceed. */
export function percentile(times: readonly number[], share: number): number | null {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? null;
}

const COLUMNS: readonly Column<ProbeSummary>[] = [
  { title: "kind", value: ({ kind }) => kind },
  { title: "requests", value: ({ requests }) => requests },
  { title: "good", value: ({ good }) => good },
  { title: "failed", value: ({ failed }) => failed },
  { title: "p50 ms", value: ({ p50Milliseconds }) => shownTime(p50Milliseconds) },
  { title: "p99 ms", value: ({ p99Milliseconds }) => shownTime(p99Milliseconds) },
];

export function renderSummaries(summaries: readonly ProbeSummary[]): string {
  return renderTable(COLUMNS, summaries);
}

function shownTime(milliseconds: number | null): string | number {
  return milliseconds === null ? "-" : Math.round(milliseconds * 10) / 10;
}

export function renderFailure({ at, kind, outcome, status, code, message }: ProbeResult): string {
  const why = [status === null ? null : String(status), code, message].filter((part) => part !== null && part !== "");
  return `${isoTime(at)} ${kind} ${outcome}: ${plainText(why.join(" "))}\n`;
}

/** One line; instants as ISO 8601, times rounded to microseconds. */
export function jsonLine(value: ProbeResult | { readonly summary: readonly ProbeSummary[] }): string {
  const text = JSON.stringify("at" in value ? { ...value, at: isoTime(value.at) } : value, (name, member: unknown) =>
    /milliseconds$/i.test(name) && typeof member === "number" ? Math.round(member * 1_000) / 1_000 : member,
  );
  return `${plainJson(text)}\n`;
}
