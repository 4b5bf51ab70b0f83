// Metrics out of events, runs and answers, and what bounds them.

import { describe, expect, test } from "vitest";
import { readSourceTree } from "../../../../test/support/architecture/source-tree.ts";
import { CodedError } from "../../../core/coded-error.ts";
import { boundLabel } from "./bounded-label.ts";
import { AMOUNTS } from "./count-events.ts";
import { createMetrics, type Sample } from "./create-metrics.ts";

function setUp(samples: () => Promise<readonly Sample[]> = async () => []) {
  const metrics = createMetrics({ version: "1.2.3", samples });
  /** The lines of one metric, without those that only describe. */
  const linesOf = async (name: string) =>
    (await metrics.text()).split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return { metrics, linesOf };
}

describe("events", () => {
  test("each is counted by its name, level and code", async () => {
    const { metrics, linesOf } = setUp();
    metrics.report({ event: "import.archive-retried", level: "warn", code: "fetch_timeout", source: "state" });
    metrics.report({ event: "import.archive-retried", level: "warn", code: "fetch_timeout", source: "other" });
    metrics.report({ event: "mirror.run", mirror: "nation", lines: 3 });
    expect(await linesOf("enks_events_total")).toEqual([
      'enks_events_total{event="import.archive-retried",level="warn",code="fetch_timeout"} 2',
      'enks_events_total{event="mirror.run",level="info",code=""} 1',
    ]);
  });

  test("amounts add up for each subject", async () => {
    const { metrics, linesOf } = setUp();
    const completed = { event: "import.archive-completed", source: "state", keyCount: 10, refusedCount: 1 };
    metrics.report(completed);
    metrics.report({ ...completed, keyCount: 5 });
    expect(await linesOf("enks_import_keys_total")).toEqual(['enks_import_keys_total{source="state"} 15']);
    expect(await linesOf("enks_import_refused_keys_total")).toEqual([
      'enks_import_refused_keys_total{source="state"} 2',
    ]);
    expect(await linesOf("enks_import_completed_archives_total")).toEqual([
      'enks_import_completed_archives_total{source="state"} 2',
    ]);
  });

  test("an amount that is none is not counted, and breaks nothing", async () => {
    const { metrics, linesOf } = setUp();
    for (const lines of ["5", -1, Number.NaN, null, undefined]) {
      metrics.report({ event: "mirror.run", mirror: "nation", lines });
    }
    expect(await linesOf("enks_mirror_lines_total")).toEqual([]);
  });

  test("every event with an amount exists in the source, with its fields", () => {
    const root = new URL("../../../..", import.meta.url).pathname;
    const texts = [...readSourceTree(root, ["src"])].filter(([path]) => !path.includes("observe/metrics"));
    for (const { event, field, subject } of AMOUNTS) {
      const place = texts.find(([, text]) => text.includes(`"${event}"`));
      expect(place, event).toBeDefined();
      const named = [field, subject].filter((name) => typeof name === "string");
      for (const name of named) expect(place?.[1], `${event} ${name}`).toContain(name);
    }
  });

  test("names that operators choose are bounded", () => {
    const label = boundLabel(2);
    expect(["a", "b", "c", "a", "d"].map(label)).toEqual(["a", "b", "(others)", "a", "(others)"]);
  });

  test("ten thousand sources are at most 501 series", async () => {
    const { metrics, linesOf } = setUp();
    for (let at = 0; at < 10_000; at++) metrics.report({ event: "import.archive-quarantined", source: `s${at}` });
    expect(await linesOf("enks_import_quarantined_archives_total")).toHaveLength(501);
  });
});

test("runs are measured, and failures are counted by their code and handed on", async () => {
  const { metrics, linesOf } = setUp();
  await metrics.observeRun({ name: "export", subject: null }, async () => undefined);
  const failing = metrics.observeRun({ name: "export", subject: "main" }, () =>
    Promise.reject(new CodedError("export_overtaken", "late")),
  );
  await expect(failing).rejects.toThrow("late");
  expect(await linesOf("enks_job_run_seconds_count")).toEqual(['enks_job_run_seconds_count{job="export"} 2']);
  expect(await linesOf("enks_job_failures_total")).toEqual([
    'enks_job_failures_total{job="export",subject="main",code="export_overtaken"} 1',
  ]);
});

test("answers are measured once they were sent", async () => {
  const { metrics, linesOf } = setUp();
  let went = 0;
  const end = metrics.answers.begin({ listener: "admin", method: "GET", route: "/v1/jobs" }, () => void went++);
  expect([went, await linesOf("enks_http_answer_seconds_count")]).toEqual([1, []]);
  end(503);
  expect(await linesOf("enks_http_answer_seconds_count")).toEqual([
    'enks_http_answer_seconds_count{listener="admin",method="GET",route="/v1/jobs",status="503"} 1',
  ]);
});

describe("samples of a scrape", () => {
  test("are gauges, and leave nothing behind when they are gone", async () => {
    const answers: Sample[][] = [
      [
        { metric: "enks_export_lag_seconds", help: "Lag", labels: { export: "main" }, value: 7 },
        { metric: "enks_export_lag_seconds", help: "Lag", labels: { export: "other" }, value: 9 },
      ],
      [],
    ];
    const { linesOf } = setUp(async () => answers.shift() ?? []);
    expect(await linesOf("enks_export_lag_seconds")).toEqual([
      'enks_export_lag_seconds{export="main"} 7',
      'enks_export_lag_seconds{export="other"} 9',
    ]);
    expect(await linesOf("enks_export_lag_seconds")).toEqual([]);
  });

  test("that fail leave the rest readable, and say so", async () => {
    const { linesOf } = setUp(() => Promise.reject(new Error("no database")));
    expect(await linesOf("enks_status_readable")).toEqual(["enks_status_readable 0"]);
    expect(await linesOf("enks_build_info")).toEqual(['enks_build_info{version="1.2.3"} 1']);
  });
});

test("two sets of metrics in one process do not disturb each other", async () => {
  const [first, second] = [setUp(), setUp()];
  first.metrics.report({ event: "mirror.run" });
  expect(await second.linesOf("enks_events_total")).toEqual([]);
});
