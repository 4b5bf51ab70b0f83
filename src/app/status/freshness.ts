// The judgement that the status, the metrics and the command line share: healthy, late or broken, and why.

export const FRESHNESS_STATES = ["healthy", "late", "broken"] as const;
export type FreshnessState = (typeof FRESHNESS_STATES)[number];

/** What may be wrong besides a failure, which is named by its own code. */
export type StatusSuspicion =
  /** The index was not published or found right for three periods. */
  | "location_late"
  /** An archive that left the index could have been deleted three periods ago. */
  | "location_deletions_late"
  /** A window could have been exported three periods ago. */
  | "export_late"
  /** The index could not be read for three periods. */
  | "source_unreached"
  /** An archive waits for three periods. */
  | "source_late"
  | "source_quarantined"
  /** Three periods after its end something is left, or its listing could not be read since. */
  | "source_ending"
  | "source_trusts_nobody"
  /** Within a day, of 100 keys or more 8 % were refused. */
  | "source_refuses_keys"
  /** Within a day, revisions changed nothing. */
  | "source_drops_revisions"
  /** No run went well for three periods. */
  | "mirror_late"
  /** Three periods after its end something is left, or its listing could not be read since. */
  | "mirror_ending"
  /** The source withdrew archives before their time, and the loss is not accepted. */
  | "mirror_lost_archives"
  /** No run succeeded for three periods. */
  | "job_late"
  /** A run failed at every attempt, and none has succeeded since. */
  | "job_dead_letters";

export interface Freshness {
  readonly state: FreshnessState;
  /** Codes, the gravest first; none when healthy. */
  readonly reasons: readonly string[];
}

/** A reason with how grave it is. */
export interface Finding {
  readonly state: "late" | "broken";
  readonly reason: string;
}

export const late = (reason: StatusSuspicion | (string & {})): Finding => ({ state: "late", reason });
export const broken = (reason: StatusSuspicion | (string & {})): Finding => ({ state: "broken", reason });

/** So many periods without success are late. */
const LATE_AFTER_PERIODS = 3;

/** Whether `seconds` are too many; never where nobody knows the period. */
export function isLate(seconds: number, periodSeconds: number | null): boolean {
  return periodSeconds !== null && seconds > LATE_AFTER_PERIODS * periodSeconds;
}

export function freshnessOf(findings: readonly Finding[]): Freshness {
  const reasonsOf = (state: Finding["state"]) =>
    findings.filter((one) => one.state === state).map(({ reason }) => reason);
  const state = worst(findings.map((finding) => finding.state));
  return { state, reasons: [...new Set([...reasonsOf("broken"), ...reasonsOf("late")])] };
}

export function worst(states: readonly FreshnessState[]): FreshnessState {
  return FRESHNESS_STATES.findLast((state) => states.includes(state)) ?? "healthy";
}

const PASSING = [
  /^fetch_(?!url_invalid$|private_address$)/,
  /^index_(missing|unavailable|html|not_text)$/,
  /^archive_(missing|forbidden|html)$/,
  /_(unavailable|unreachable|overtaken|contended)$/,
  /^blob_storage_failed$/,
  /^unexpected$/,
];

/** Whether a failure is expected to pass by itself, so that only its length counts. Any other stops the work until somebody comes. */
export function isPassing(code: string): boolean {
  return PASSING.some((pattern) => pattern.test(code));
}
