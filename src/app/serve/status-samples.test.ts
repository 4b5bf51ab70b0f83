// The status as gauges.

import { expect, test } from "vitest";
import type { JobStatusBody, LocationStatusBody, StatusBody } from "../status/status-schemas.ts";
import { samplesOf } from "./status-samples.ts";

const location: LocationStatusBody = {
  name: "state",
  freshness: "late",
  reasons: ["location_late"],
  listedArchives: 12,
  newestWindowEnd: "2026-11-24T10:00:00Z",
  newestWindowAgeSeconds: 60,
  indexCheckedAt: null,
  indexAgeSeconds: null,
  nextIndexDueAt: null,
  nextExpiryAt: null,
  fence: "intact",
  atPhones: null,
  lastFailure: null,
  suppliers: [],
};

const job: JobStatusBody = {
  name: "export",
  freshness: "healthy",
  reasons: [],
  duty: "export",
  everySeconds: 300,
  running: false,
  lastStartedAt: null,
  lastSucceededAt: "1970-01-01T00:01:40Z",
  lastOutcome: null,
  lastCode: null,
  nextDueAt: null,
  waitsFor: null,
  deadLetters: 0,
  subjects: null,
};

const status: StatusBody = {
  at: "2026-11-24T10:00:00Z",
  freshness: "late",
  server: {
    version: "1",
    startedAt: "2026-11-24T09:00:00Z",
    uptimeSeconds: 3_600,
    duties: [],
    publicUrl: null,
    database: { kind: "embedded", durability: "" },
  },
  clock: {
    freshness: "broken",
    reasons: ["clock_behind"],
    time: "2026-11-24T10:00:00Z",
    machineTime: "2026-11-24T10:00:00Z",
    offBySeconds: -7_200,
    doubtedSince: "2026-11-24T09:00:00Z",
    waits: "everything",
    evidence: null,
    contradictedBy: [],
    steadyForSeconds: 60,
  },
  alarms: [
    {
      kind: "exposures",
      name: "US-OR",
      reason: "watch_keys_unexported",
      state: "broken",
      since: "2026-11-24T09:00:00Z",
      detail: "",
      remedy: "",
    },
  ],
  exposures: { name: "exposures", freshness: "broken", reasons: ["watch_keys_unexported"] },
  locations: [location],
  exports: [],
  sources: [],
  mirrors: [],
  jobs: [job],
  flow: [],
};

test("each part has its freshness and what is known of it; what nobody knows gives no sample", () => {
  expect(samplesOf(status).map(({ metric, labels, value }) => [metric, labels, value])).toEqual([
    ["enks_freshness", { kind: "clock", name: "machine" }, 2],
    ["enks_clock_waiting", { clock: "machine" }, 2],
    ["enks_clock_off_seconds", { clock: "machine" }, -7_200],
    ["enks_freshness", { kind: "exposures", name: "exposures" }, 2],
    ["enks_alarm", { kind: "exposures", name: "US-OR", reason: "watch_keys_unexported" }, 2],
    ["enks_freshness", { kind: "location", name: "state" }, 1],
    ["enks_location_listed_archives", { location: "state" }, 12],
    ["enks_location_newest_window_age_seconds", { location: "state" }, 60],
    ["enks_freshness", { kind: "job", name: "export" }, 0],
    ["enks_job_success_timestamp_seconds", { job: "export" }, 100],
    ["enks_job_dead_letters", { job: "export" }, 0],
  ]);
});
