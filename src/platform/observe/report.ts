// What features say about what happened: one event, from which log lines and counters are made.

export interface ReportedEvent {
  /** `<feature>.<what-happened>`, stable: "import.archive-completed". */
  readonly event: string;
  readonly level?: "info" | "warn" | "error";
  /** Never key data, never secrets. */
  readonly [field: string]: string | number | boolean | null | undefined;
}

export type Report = (event: ReportedEvent) => void;

/** Drops every event; for tests that do not look at them. */
export const reportNothing: Report = () => undefined;
