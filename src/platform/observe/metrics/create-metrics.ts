// Prometheus metrics of a process: events, jobs, requests, and the process itself.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { codeOf } from "../../../core/coded-error.ts";
import type { AnswerObserver } from "../../http/observe-answers.ts";
import type { ObserveRun } from "../../jobs/run-recorded.ts";
import type { Report } from "../report.ts";
import { boundLabel } from "./bounded-label.ts";
import { countEvents, MOST_SUBJECTS } from "./count-events.ts";

/** A value at the time of the scrape, for each subject. */
export interface Sample {
  readonly metric: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metrics {
  /** Counts; hand every event to it. */
  readonly report: Report;
  readonly observeRun: ObserveRun;
  readonly answers: AnswerObserver;
  /** In Prometheus' text format. What `samples` answers becomes gauges; if it fails, the rest is there all the same. */
  readonly text: () => Promise<string>;
}

export interface MetricsOptions {
  readonly version: string;
  /** What is true at the time of a scrape: freshness, lag. */
  readonly samples: () => Promise<readonly Sample[]>;
}

const RUN_BUCKETS_SECONDS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3_600];
/** Who scrapes gives up after ten seconds, as a rule. */
const SAMPLES_MILLISECONDS = 5_000;
const ANSWER_BUCKETS_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10];

export function createMetrics({ version, samples }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: "enks_build_info", help: "The program's version", labelNames: ["version"], registers }).set(
    { version },
    1,
  );
  const runs = new Histogram({
    name: "enks_job_run_seconds",
    help: "How long runs of jobs took",
    labelNames: ["job"],
    buckets: RUN_BUCKETS_SECONDS,
    registers,
  });
  const failures = new Counter({
    name: "enks_job_failures_total",
    help: "Runs of jobs that failed",
    labelNames: ["job", "subject", "code"],
    registers,
  });
  const bounded = boundLabel(MOST_SUBJECTS);
  const answers = new Histogram({
    name: "enks_http_answer_seconds",
    help: "How long answers took",
    labelNames: ["listener", "method", "route", "status"],
    buckets: ANSWER_BUCKETS_SECONDS,
    registers,
  });
  return {
    report: countEvents(registry),
    async observeRun({ name: job, subject }, work) {
      const end = runs.startTimer({ job });
      try {
        await work();
      } catch (error) {
        failures.inc({ job, subject: subject === null ? "" : bounded(subject), code: codeOf(error) ?? "unexpected" });
        throw error;
      } finally {
        end();
      }
    },
    answers: {
      begin(asked, go) {
        const end = answers.startTimer({ ...asked });
        go();
        return (status) => void end({ status });
      },
    },
    async text() {
      const [own, sampled] = await Promise.all([registry.metrics(), sampledText(samples)]);
      return own + sampled;
    },
  };
}

/** Rejects when it takes longer, as it does while a database is gone. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it took too long")), milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Gauges of this scrape only: a subject that is gone leaves nothing behind. */
async function sampledText(samples: MetricsOptions["samples"]): Promise<string> {
  const registry = new Registry();
  const isThere = new Gauge({
    name: "enks_status_readable",
    help: "Whether the status could be read for this scrape; without it there are no gauges of freshness and lag",
    registers: [registry],
  });
  try {
    const found = await within(SAMPLES_MILLISECONDS, samples());
    for (const [name, group] of Map.groupBy(found, ({ metric }) => metric)) {
      const labelNames = [...new Set(group.flatMap(({ labels }) => Object.keys(labels)))];
      const gauge = new Gauge({ name, help: group[0]?.help ?? "", labelNames, registers: [registry] });
      for (const { labels, value } of group) gauge.set({ ...labels }, value);
    }
    isThere.set(1);
  } catch {
    isThere.set(0);
  }
  return `\n${await registry.metrics()}`;
}
