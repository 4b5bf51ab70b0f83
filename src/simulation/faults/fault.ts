// The faults that a world can meet, and the effects at which they strike.

import type { UnixSeconds } from "../../core/clock.ts";

/** What a process does to the world outside, or asks of it. */
export const OPERATIONS = [
  "put-archive",
  "put-index",
  "delete-object",
  "read-object",
  "commit",
  "write",
  "fetch-index",
  "fetch-archive",
  "fetch-certificate-keys",
  "upload",
  "phone-index",
  "phone-archive",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Of one effect. */
const EFFECT_FAULTS = {
  /** The process dies before the effect, or when it is done and the answer is under way. */
  "dies-before": ["put-archive", "put-index", "delete-object", "commit", "write"],
  "dies-after": ["put-archive", "put-index", "delete-object", "commit", "write"],
  /** The power fails: what was not synced is gone, and so is the process. */
  "power-lost": ["put-archive", "put-index", "commit", "write"],
  "storage-fails": ["put-archive", "put-index", "delete-object", "read-object"],
  /** The object is written, and the answer gets lost. */
  "storage-answer-lost": ["put-archive", "put-index", "delete-object"],
  "storage-full": ["put-archive", "put-index"],
  "connection-breaks-before": ["commit", "write"],
  "connection-breaks-after": ["commit", "write"],
  "request-fails": ["fetch-index", "fetch-archive", "fetch-certificate-keys", "upload", "phone-index", "phone-archive"],
  "request-hangs": ["fetch-index", "fetch-archive", "fetch-certificate-keys", "upload", "phone-index", "phone-archive"],
  "cut-short": ["fetch-index", "fetch-archive", "upload", "phone-index", "phone-archive"],
  "html-page": ["fetch-index", "fetch-archive", "fetch-certificate-keys", "upload", "phone-index"],
  "empty-index": ["fetch-index"],
  "old-index": ["fetch-index"],
  /** The upload is carried out, and nobody hears of it. */
  "answer-lost": ["upload"],
} as const satisfies Readonly<Record<string, readonly Operation[]>>;

/** Of a server as a whole, at a time of the plan. */
export const SERVER_FAULTS = [
  "two-workers",
  "job-twice",
  "job-late",
  "jobs-not-for-a-day",
  "clock-jumps-ahead",
  "clock-jumps-back",
  "starts-with-clock-ahead",
  "starts-with-clock-behind",
  "database-restored",
] as const;
export type ServerFaultKind = (typeof SERVER_FAULTS)[number];
export type EffectFaultKind = keyof typeof EFFECT_FAULTS;
export type FaultKind = EffectFaultKind | ServerFaultKind;

export interface EffectFault {
  readonly kind: EffectFaultKind;
  /** Whose effect: a server, or "phones", "uploads". */
  readonly site: string;
  readonly operation: Operation;
  /** The activity in which it must happen, such as a job; null: any. */
  readonly activity: string | null;
  readonly notBefore: UnixSeconds;
  /** So many effects of this kind are let through first. */
  readonly passes: number;
}

export interface ServerFault {
  readonly kind: ServerFaultKind;
  readonly site: string;
  readonly at: UnixSeconds;
  /** For how long, or by how much. */
  readonly seconds: number;
  /** Of a start with a wrong clock. */
  readonly wrongStart?: WrongStart;
}

export interface WrongStart {
  /** How wrong the clock is; negative: behind. */
  readonly bySeconds: number;
  /** Once the clock is right again and the process started, the operator says so. */
  readonly isConfirmed: boolean;
}

export type PlannedFault = EffectFault | ServerFault;

export const EFFECT_FAULT_KINDS = Object.keys(EFFECT_FAULTS).filter(isEffectFaultKind);

export function isEffectFaultKind(name: string): name is EffectFaultKind {
  return Object.hasOwn(EFFECT_FAULTS, name);
}

export function isEffectFault(fault: PlannedFault): fault is EffectFault {
  return "operation" in fault;
}

/** Which faults can strike at an operation. */
export function faultsOf(operation: Operation): EffectFaultKind[] {
  return EFFECT_FAULT_KINDS.filter((kind) => operationsOf(kind).includes(operation));
}

/** At which operations a fault can strike. */
export function operationsOf(kind: EffectFaultKind): readonly Operation[] {
  return EFFECT_FAULTS[kind];
}
