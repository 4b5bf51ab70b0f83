// Counters out of reported events: one for all events, and amounts where an event carries some.

import { Counter, type Registry } from "prom-client";
import type { Report, ReportedEvent } from "../report.ts";
import { boundLabel } from "./bounded-label.ts";

interface Amount {
  readonly event: string;
  readonly metric: string;
  readonly help: string;
  /** The field that holds how many; without one each event counts as one. */
  readonly field?: string;
  /** The field that says whose they are. */
  readonly subject: "source" | "location" | "mirror" | "config" | "app" | null;
}

export const AMOUNTS: readonly Amount[] = [
  {
    event: "import.index-listed",
    metric: "enks_import_discovered_archives_total",
    help: "Archives that a source has listed for the first time",
    field: "added",
    subject: "source",
  },
  {
    event: "import.archive-completed",
    metric: "enks_import_completed_archives_total",
    help: "Archives whose keys were imported",
    subject: "source",
  },
  {
    event: "import.archive-completed",
    metric: "enks_import_keys_total",
    help: "Keys in imported archives",
    field: "keyCount",
    subject: "source",
  },
  {
    event: "import.archive-completed",
    metric: "enks_import_refused_keys_total",
    help: "Keys in imported archives that were refused",
    field: "refusedCount",
    subject: "source",
  },
  {
    event: "import.archive-completed",
    metric: "enks_import_repeated_keys_total",
    help: "Keys in imported archives that were here already",
    field: "repeatedCount",
    subject: "source",
  },
  {
    event: "import.archive-completed",
    metric: "enks_import_dropped_keys_total",
    help: "Revisions in imported archives that changed nothing",
    field: "droppedCount",
    subject: "source",
  },
  {
    event: "import.archive-quarantined",
    metric: "enks_import_quarantined_archives_total",
    help: "Archives that were put aside",
    subject: "source",
  },
  {
    event: "export.window-exported",
    metric: "enks_export_windows_total",
    help: "Windows that were exported",
    subject: "config",
  },
  {
    event: "location.archive-appended",
    metric: "enks_location_archives_total",
    help: "Archives that were published",
    subject: "location",
  },
  {
    event: "location.archive-appended",
    metric: "enks_location_primary_keys_total",
    help: "Primary keys in published archives",
    field: "primaries",
    subject: "location",
  },
  {
    event: "location.archive-appended",
    metric: "enks_location_revised_keys_total",
    help: "Revised keys in published archives",
    field: "revised",
    subject: "location",
  },
  {
    event: "location.archives-adopted",
    metric: "enks_location_adopted_archives_total",
    help: "Archives of another program that were taken over",
    field: "archives",
    subject: "location",
  },
  {
    event: "mirror.run",
    metric: "enks_mirror_lines_total",
    help: "Lines that mirrors have handed over",
    field: "lines",
    subject: "mirror",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_inserted_keys_total",
    help: "Keys of uploads that were stored",
    field: "inserted",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_revised_keys_total",
    help: "Keys of uploads that revised a stored key",
    field: "revised",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_dropped_keys_total",
    help: "Keys of uploads that were refused while others of the upload were taken",
    field: "dropped",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_repeated_keys_total",
    help: "Keys of uploads that were stored already with these very values",
    field: "repeated",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_kept_keys_total",
    help: "Keys of uploads that were stored already with other values, which stay",
    field: "kept",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_unknown_withdrawn_keys_total",
    help: "Keys that an upload was to withdraw and that are not stored",
    field: "withdrawnUnknown",
    subject: "app",
  },
  {
    event: "publish.stored",
    metric: "enks_publish_doubled_keys_total",
    help: "Keys that were sent more than once in one upload",
    field: "doubled",
    subject: "app",
  },
  {
    event: "exposures.cleaned-up",
    metric: "enks_exposures_deleted_keys_total",
    help: "Keys that were forgotten after their time",
    field: "deleted",
    subject: null,
  },
];

export const MOST_SUBJECTS = 500;
const MOST_CODES = 300;

/** A Report that only counts. Names of events and codes come from the program, so there are few. */
export function countEvents(registry: Registry): Report {
  const events = new Counter({
    name: "enks_events_total",
    help: "Reported events",
    labelNames: ["event", "level", "code"],
    registers: [registry],
  });
  const code = boundLabel(MOST_CODES);
  const amounts = Map.groupBy(
    AMOUNTS.map((amount) => ({ event: amount.event, add: counterOf(registry, amount) })),
    ({ event }) => event,
  );
  return (event) => {
    events.inc({ event: event.event, level: event.level ?? "info", code: code(textOf(event["code"])) });
    for (const { add } of amounts.get(event.event) ?? []) add(event);
  };
}

function counterOf(registry: Registry, { metric, help, field, subject }: Amount): (event: ReportedEvent) => void {
  const labelNames = subject === null ? [] : [subject];
  const counter = new Counter({ name: metric, help, labelNames, registers: [registry] });
  const bounded = boundLabel(MOST_SUBJECTS);
  return (event) => {
    const amount = field === undefined ? 1 : event[field];
    if (typeof amount !== "number" || !(amount >= 0)) return;
    if (subject === null) counter.inc(amount);
    else counter.inc({ [subject]: bounded(textOf(event[subject])) }, amount);
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
