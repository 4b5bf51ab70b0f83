// What the admin API answers about a whole server: each part in short, and what flows where.

import { type Static, Type } from "typebox";
import { LIVES } from "../../core/life.ts";
import { FENCE_STATES } from "../../features/locations/judge-overview.ts";
import { LOOK_OUTCOMES } from "../../features/watch/watch-types.ts";
import { CLOSED, instant, instantOrNull } from "../../platform/http/admin/admin-schemas.ts";
import { JOB_DUTIES } from "../../platform/jobs/job.ts";
import { clockSchema } from "../clock/clock-schemas.ts";
import { FRESHNESS_STATES } from "./freshness.ts";

const textOrNull = Type.Union([Type.String(), Type.Null()]);
const integerOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });
const instantSaying = (description: string) => Type.Union([instant, Type.Null()], { description });

const freshness = Type.Enum([...FRESHNESS_STATES], {
  description: "late: no success for three periods; broken: it goes on only once somebody comes.",
});
const judged = {
  freshness,
  reasons: Type.Array(Type.String(), { description: "The codes of what is wrong, the gravest first." }),
};

const failure = Type.Union([
  Type.Object({ at: instant, code: Type.String(), message: Type.String() }, CLOSED),
  Type.Null(),
]);

const serverSchema = Type.Object(
  {
    version: Type.String(),
    startedAt: instant,
    uptimeSeconds: Type.Integer(),
    duties: Type.Array(Type.String(), { description: "Of this process." }),
    publicUrl: textOrNull,
    database: Type.Object(
      {
        kind: Type.Enum(["embedded", "postgres"]),
        durability: Type.String({ description: "What it survives, in words." }),
      },
      CLOSED,
    ),
  },
  { ...CLOSED, title: "ServerStatus" },
);

const supplierSchema = Type.Object(
  {
    supplier: Type.String({ description: "export:<name>, mirror:<name>, or adopted." }),
    archives: Type.Integer(),
    primaries: Type.Integer({ description: "Padding included." }),
    revised: Type.Integer(),
    lastAppendedAt: instant,
  },
  CLOSED,
);

const alarmSchema = Type.Object(
  {
    kind: Type.Enum(["location", "exposures", "source", "mirror"]),
    name: Type.String({ description: "Of the part; of exposures the regions." }),
    reason: Type.String({ description: "A code." }),
    state: Type.Enum(["late", "broken"]),
    since: instant,
    detail: Type.String({ description: "What phones get, or do not." }),
    remedy: Type.String({ description: "What to do." }),
  },
  { ...CLOSED, title: "Alarm" },
);
export type AlarmBody = Static<typeof alarmSchema>;

const exposuresStatusSchema = Type.Object(
  { name: Type.String(), ...judged },
  { ...CLOSED, title: "ExposuresStatus", description: "All accepted keys: whether exports take them." },
);
export type ExposuresStatusBody = Static<typeof exposuresStatusSchema>;

const lookSchema = Type.Object(
  {
    outcome: Type.Enum([...LOOK_OUTCOMES], {
      description: "waiting: nothing is published. unseen: from here the way of phones cannot be followed.",
    }),
    code: textOrNull,
    since: instant,
    lookedAt: instant,
    seenAt: instantSaying("When the index was last seen."),
  },
  { ...CLOSED, title: "LookFromPhones" },
);
export type LookBody = Static<typeof lookSchema>;

const locationStatusSchema = Type.Object(
  {
    name: Type.String(),
    ...judged,
    listedArchives: Type.Integer(),
    newestWindowEnd: instantOrNull,
    newestWindowAgeSeconds: integerOrNull("Since the end of the newest window."),
    indexCheckedAt: instantSaying("When the index was last as it should be."),
    indexAgeSeconds: integerOrNull("Since then."),
    nextIndexDueAt: instantSaying("From when on the index has to change."),
    nextExpiryAt: instantSaying("When the oldest line leaves; null: none that another follows."),
    fence: Type.Enum([...FENCE_STATES]),
    atPhones: Type.Union([lookSchema, Type.Null()], {
      description: "How the last look from where phones are went; null: there was none.",
    }),
    lastFailure: failure,
    suppliers: Type.Array(supplierSchema),
  },
  { ...CLOSED, title: "LocationStatus" },
);
export type LocationStatusBody = Static<typeof locationStatusSchema>;

const life = Type.Enum([...LIVES], { description: "`ending`: its end has come, and it owes something yet." });

const exportStatusSchema = Type.Object(
  {
    name: Type.String(),
    ...judged,
    location: Type.String(),
    region: Type.String(),
    exportedUntil: instantOrNull,
    lagSeconds: Type.Integer({ description: "For how long the oldest window that is due has been so." }),
    openWindow: Type.Union([Type.Object({ start: instant, end: instant }, CLOSED), Type.Null()]),
    thru: instantOrNull,
    life,
    endedAt: instantOrNull,
    openBackfills: Type.Integer(),
    lastFailure: failure,
  },
  { ...CLOSED, title: "ExportStatus" },
);
export type ExportStatusBody = Static<typeof exportStatusSchema>;

const sourceStatusSchema = Type.Object(
  {
    name: Type.String(),
    ...judged,
    region: Type.String(),
    indexUrl: Type.String({ description: "Without its query." }),
    until: instantOrNull,
    life,
    checkedAt: instantOrNull,
    checkOutcome: textOrNull,
    checkCode: textOrNull,
    reachedAt: instantOrNull,
    suspiciousCount: Type.Integer(),
    waiting: Type.Integer(),
    complete: Type.Integer(),
    quarantined: Type.Integer(),
    oldestWaitingAt: instantSaying("When the archive was discovered that has been waiting longest."),
    lagSeconds: Type.Integer({ description: "Since then; 0: nothing waits." }),
    lastCompletedAt: instantOrNull,
    newestWindowEnd: instantSaying("Of the archive completed last, as its name tells."),
    keyCount: Type.Integer(),
    savedCount: Type.Integer(),
    repeatedCount: Type.Integer({ description: "Here already: an echo, or published twice." }),
    droppedCount: Type.Integer({ description: "Revisions that changed nothing." }),
    refusedCount: Type.Integer(),
    trustedKeys: Type.Integer({ description: "Trusted now." }),
  },
  { ...CLOSED, title: "SourceStatus" },
);
export type SourceStatusBody = Static<typeof sourceStatusSchema>;

const mirrorStatusSchema = Type.Object(
  {
    name: Type.String(),
    ...judged,
    location: Type.String(),
    method: Type.Enum(["copy", "reseal"]),
    indexUrl: Type.String({ description: "Without its query." }),
    until: instantOrNull,
    life,
    lastRunAt: instantOrNull,
    lastOkAt: instantOrNull,
    lastError: textOrNull,
    listedWindowEnd: instantSaying("The newest that the source lists, as names tell."),
    newestWindowEnd: instantSaying("The newest that was handed over."),
    waitingLines: integerOrNull("Listed and not taken."),
    lagSeconds: integerOrNull("From the newest window handed over to the newest listed; null: no name tells."),
    historyDoneAt: instantOrNull,
    takenLines: Type.Integer(),
    skippedLines: Type.Integer(),
    lostArchives: Type.Integer(),
  },
  { ...CLOSED, title: "MirrorStatus" },
);
export type MirrorStatusBody = Static<typeof mirrorStatusSchema>;

const runsFields = {
  running: Type.Boolean(),
  lastStartedAt: instantOrNull,
  lastSucceededAt: instantOrNull,
  lastOutcome: Type.Union([Type.Enum(["succeeded", "failed"]), Type.Null()]),
  lastCode: textOrNull,
  nextDueAt: instantOrNull,
  waitsFor: textOrNull,
  deadLetters: Type.Integer({ description: "Runs that failed for good since the last success." }),
};

const subjectStatusSchema = Type.Object(
  { subject: Type.String(), ...judged, ...runsFields },
  { ...CLOSED, title: "JobSubjectStatus" },
);
export type SubjectStatusBody = Static<typeof subjectStatusSchema>;

const jobStatusSchema = Type.Object(
  {
    name: Type.String(),
    ...judged,
    duty: Type.Enum([...JOB_DUTIES]),
    everySeconds: Type.Integer(),
    ...runsFields,
    subjects: Type.Union([Type.Array(subjectStatusSchema), Type.Null()], {
      description: "Each with runs of its own, such as sources; null: the job has one run for all.",
    }),
  },
  { ...CLOSED, title: "JobStatus" },
);
export type JobStatusBody = Static<typeof jobStatusSchema>;

/** `origin`: another server, by the address of its index. */
const FLOW_KINDS = ["origin", "source", "exposures", "export", "location", "mirror"] as const;

const nodeSchema = Type.Object(
  { kind: Type.Enum([...FLOW_KINDS]), name: Type.String() },
  { ...CLOSED, title: "FlowNode" },
);
export type FlowNode = Static<typeof nodeSchema>;

const edgeSchema = Type.Object({ from: nodeSchema, to: nodeSchema }, { ...CLOSED, title: "FlowEdge" });
export type FlowEdge = Static<typeof edgeSchema>;

export const statusSchema = Type.Object(
  {
    at: instant,
    freshness,
    server: serverSchema,
    clock: clockSchema,
    alarms: Type.Array(alarmSchema, { description: "What is wrong as phones see it, the gravest first." }),
    exposures: exposuresStatusSchema,
    locations: Type.Array(locationStatusSchema),
    exports: Type.Array(exportStatusSchema),
    sources: Type.Array(sourceStatusSchema),
    mirrors: Type.Array(mirrorStatusSchema),
    jobs: Type.Array(jobStatusSchema),
    flow: Type.Array(edgeSchema, {
      description: "What flows where: another server, source, exposures, export, location.",
    }),
  },
  { ...CLOSED, title: "Status" },
);
export type StatusBody = Static<typeof statusSchema>;
