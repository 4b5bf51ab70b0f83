// The status as gauges: how fresh each part is, how far it lags, what waits.

import type { Sample } from "../../platform/observe/metrics/create-metrics.ts";
import { FRESHNESS_STATES, type FreshnessState } from "../status/freshness.ts";
import type { JobStatusBody, StatusBody, SubjectStatusBody } from "../status/status-schemas.ts";

interface Gauge {
  readonly metric: string;
  readonly help: string;
}

type Values = readonly (readonly [Gauge, number | null])[];

const FRESHNESS: Gauge = {
  metric: "enks_freshness",
  help: "How a part is doing: 0 healthy, 1 late, 2 broken",
};

const ALARM: Gauge = {
  metric: "enks_alarm",
  help: "What is wrong as phones see it: 1 late, 2 broken; none where it is over",
};

/** A value that nobody knows gives no sample. */
export function samplesOf(status: StatusBody): Sample[] {
  return [
    ...samplesOfPart("clock", { ...status.clock, name: "machine" }, [
      [
        gauge("enks_clock_waiting", "What waits until the clock is relied on: 0 nothing, 1 deletions, 2 everything"),
        ["nothing", "deletions", "everything"].indexOf(status.clock.waits),
      ],
      [
        gauge("enks_clock_off_seconds", "How far the machine's clock is ahead of the time that was expected"),
        status.clock.offBySeconds,
      ],
    ]),
    ...samplesOfPart("exposures", status.exposures, []),
    ...status.alarms.map(({ kind, name, reason, state }) => ({
      ...ALARM,
      labels: { kind, name, reason },
      value: FRESHNESS_STATES.indexOf(state),
    })),
    ...status.locations.flatMap((location) =>
      samplesOfPart("location", location, [
        [gauge("enks_location_listed_archives", "Archives in the index"), location.listedArchives],
        [
          gauge("enks_location_newest_window_age_seconds", "Since the newest window ended"),
          location.newestWindowAgeSeconds,
        ],
        [
          gauge("enks_location_index_age_seconds", "Since the index was last as it should be"),
          location.indexAgeSeconds,
        ],
        [
          gauge("enks_location_seen_timestamp_seconds", "When the index was last seen from where phones are"),
          secondsOf(location.atPhones?.seenAt ?? null),
        ],
      ]),
    ),
    ...status.exports.flatMap((one) =>
      samplesOfPart("export", one, [
        [gauge("enks_export_lag_seconds", "For how long the oldest due window has been due"), one.lagSeconds],
      ]),
    ),
    ...status.sources.flatMap((source) =>
      samplesOfPart("source", source, [
        [gauge("enks_source_lag_seconds", "How long the archive has waited that waits longest"), source.lagSeconds],
        [gauge("enks_source_waiting_archives", "Archives that wait"), source.waiting],
        [gauge("enks_source_quarantined_archives", "Archives that were put aside"), source.quarantined],
        [gauge("enks_source_reached_timestamp_seconds", "When the index was last read"), secondsOf(source.reachedAt)],
      ]),
    ),
    ...status.mirrors.flatMap((mirror) =>
      samplesOfPart("mirror", mirror, [
        [
          gauge("enks_mirror_lag_seconds", "From the newest window handed over to the newest listed"),
          mirror.lagSeconds,
        ],
        [gauge("enks_mirror_waiting_lines", "Lines that are listed and not taken"), mirror.waitingLines],
        [gauge("enks_mirror_success_timestamp_seconds", "When a run last went well"), secondsOf(mirror.lastOkAt)],
      ]),
    ),
    ...status.jobs.flatMap((job) => [
      ...samplesOfPart("job", job, runsOf(job)),
      ...(job.subjects ?? []).flatMap((one) => samplesWith(runsOf(one), { job: job.name, subject: one.subject })),
    ]),
  ];
}

const runsOf = ({ lastSucceededAt, deadLetters }: JobStatusBody | SubjectStatusBody): Values => [
  [gauge("enks_job_success_timestamp_seconds", "When a run last succeeded"), secondsOf(lastSucceededAt)],
  [gauge("enks_job_dead_letters", "Runs that failed for good since then"), deadLetters],
];

function gauge(metric: string, help: string): Gauge {
  return { metric, help };
}

function samplesOfPart(
  kind: string,
  { name, freshness }: { readonly name: string; readonly freshness: FreshnessState },
  values: Values,
): Sample[] {
  return [
    { ...FRESHNESS, labels: { kind, name }, value: FRESHNESS_STATES.indexOf(freshness) },
    ...samplesWith(values, { [kind]: name }),
  ];
}

function samplesWith(values: Values, labels: Sample["labels"]): Sample[] {
  return values.flatMap(([of, value]) => (value === null ? [] : [{ ...of, labels, value }]));
}

function secondsOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant) / 1_000;
}
