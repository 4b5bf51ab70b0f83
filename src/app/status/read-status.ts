// The status of a whole server: what its database says about each part, judged, and what this process says of itself.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { ExportFeature } from "../../features/export/feature.ts";
import type { ImportFeature } from "../../features/import/feature.ts";
import type { LocationsFeature } from "../../features/locations/feature.ts";
import type { MirrorFeature } from "../../features/mirror/feature.ts";
import type { WatchFeature } from "../../features/watch/feature.ts";
import type { Database } from "../../platform/database/database.ts";
import type { JobRunner } from "../../platform/jobs/job-runner.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import { showClock } from "../clock/show-clock.ts";
import { describeDurability } from "../describe-durability.ts";
import { alarmedBy } from "./alarmed-by.ts";
import { drawFlow } from "./draw-flow.ts";
import { freshnessOf, worst } from "./freshness.ts";
import { type Circumstances, judgeExport, judgeJob, judgeLocation, judgeMirror, judgeSource } from "./judge-parts.ts";
import { showAlarm, showExposures } from "./show-alarms.ts";
import { showExport, showJob, showLocation, showMirror, showSource } from "./show-parts.ts";
import type { StatusBody } from "./status-schemas.ts";

/** What a process knows of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly startedAt: UnixSeconds;
  readonly duties: readonly string[];
  readonly publicUrl: string | null;
}

export interface StatusDeps {
  readonly locations: Pick<LocationsFeature, "status">;
  readonly exports: Pick<ExportFeature, "status">;
  readonly imports: Pick<ImportFeature, "status">;
  readonly mirrors: Pick<MirrorFeature, "status">;
  readonly watch: Pick<WatchFeature, "status">;
  readonly runner: Pick<JobRunner, "list" | "deadLetters">;
  readonly facts: ServerFacts;
  readonly clock: JudgedClock;
}

const LETTERS_READ = 1_000;

/** A fixed number of queries, however many archives there are. */
export async function readStatus(deps: StatusDeps, database: Database, now: UnixSeconds): Promise<StatusBody> {
  const { facts, runner } = deps;
  const trust = deps.clock.trust();
  const clock = showClock(trust, now, deps.clock.machineNow());
  const jobStates = await runner.list();
  const letters = (await runner.deadLetters(LETTERS_READ, null)).items;
  const periods = new Map(jobStates.map(({ name, everySeconds }) => [name, everySeconds]));
  const circumstances: Circumstances = {
    now,
    startedAt: facts.startedAt,
    isClockUnproven: trust.doubt === "clock_unproven",
    periodSecondsOf: (name) => periods.get(name) ?? null,
  };
  const { alarms, looks } = await deps.watch.status(database);
  const alarmed = alarmedBy(alarms);
  const locations = (await deps.locations.status(database)).map((one) => {
    const { name } = one.overview;
    const look = looks.find(({ location }) => location === name) ?? null;
    return showLocation(one, look, alarmed("location", name, judgeLocation(one, circumstances)), now);
  });
  const exports = (await deps.exports.status(database, now)).map((one) =>
    showExport(one, judgeExport(one, circumstances), now),
  );
  const sources = (await deps.imports.status(database, now)).map((one) =>
    showSource(one, alarmed("source", one.source.name, judgeSource(one, circumstances)), now),
  );
  const mirrors = (await deps.mirrors.status(database)).map((one) =>
    showMirror(one, alarmed("mirror", one.mirror.name, judgeMirror(one, circumstances)), now),
  );
  const jobs = jobStates.map((job) =>
    showJob(job, letters, judgeJob(job, letters, facts.duties.includes(job.duty), circumstances)),
  );
  const exposures = showExposures(alarmed("exposures", null, freshnessOf([])));
  const parts = [clock, exposures, ...locations, ...exports, ...sources, ...mirrors, ...jobs];
  return {
    at: isoTime(now),
    freshness: worst(parts.map(({ freshness }) => freshness)),
    server: showServer(facts, database.kind, now),
    clock,
    alarms: alarms.map((alarm) => showAlarm(alarm, now)),
    exposures,
    locations,
    exports,
    sources,
    mirrors,
    jobs,
    flow: drawFlow({ sources, exports, mirrors }),
  };
}

function showServer(facts: ServerFacts, kind: Database["kind"], now: UnixSeconds): StatusBody["server"] {
  const { version, startedAt, duties, publicUrl } = facts;
  return {
    version,
    startedAt: isoTime(startedAt),
    uptimeSeconds: Math.max(0, now - startedAt),
    duties: [...duties],
    publicUrl,
    database: { kind, durability: describeDurability(kind) },
  };
}
