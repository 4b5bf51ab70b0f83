// What the admin API says about jobs.

import { Type } from "typebox";
import { CLOSED, instant, instantOrNull } from "../platform/http/admin/admin-schemas.ts";
import { JOB_DUTIES } from "../platform/jobs/job.ts";
import { JOB_RUN_STATES } from "../platform/jobs/job-runner.ts";

const textOrNull = Type.Union([Type.String(), Type.Null()]);

const runsFields = {
  running: Type.Boolean(),
  lastStartedAt: instantOrNull,
  lastEndedAt: instantOrNull,
  lastSucceededAt: instantOrNull,
  lastOutcome: Type.Union([Type.Enum(["succeeded", "failed"]), Type.Null()]),
  lastCode: textOrNull,
  lastMessage: textOrNull,
  runs: Type.Integer(),
  failures: Type.Integer(),
  nextDueAt: instantOrNull,
  waitsFor: Type.Union([Type.String(), Type.Null()], {
    description: "The code of why it was not begun when it was due last; null: it was.",
  }),
  waitsSince: instantOrNull,
};

export const jobSubjectSchema = Type.Object({ subject: Type.String(), ...runsFields }, CLOSED);

export const jobSchema = Type.Object(
  {
    name: Type.String(),
    duty: Type.Enum([...JOB_DUTIES]),
    everySeconds: Type.Integer(),
    ...runsFields,
    subjects: Type.Union([Type.Array(jobSubjectSchema), Type.Null()], {
      description: "What it works on now, each with runs of its own, such as sources; null: it has one run for all.",
    }),
  },
  CLOSED,
);

const subjectOrNull = Type.Union([Type.String(), Type.Null()], {
  description: "What of the job it was about, such as a source; null: the job as a whole.",
});

export const jobRunSchema = Type.Object(
  {
    id: Type.String(),
    job: Type.String(),
    subject: subjectOrNull,
    state: Type.Enum([...JOB_RUN_STATES]),
    attempts: Type.Integer(),
    createdAt: instant,
    startedAt: instantOrNull,
    endedAt: instantOrNull,
    code: textOrNull,
    message: textOrNull,
  },
  CLOSED,
);

export const deadLetterSchema = Type.Object(
  {
    id: Type.String(),
    job: Type.String(),
    subject: subjectOrNull,
    failedAt: instant,
    code: textOrNull,
    message: textOrNull,
  },
  CLOSED,
);

export const jobRunParams = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), id: Type.String({ minLength: 1, maxLength: 100 }) },
  CLOSED,
);

export const askRunSchema = Type.Object(
  {
    subject: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: "Only for this one, such as a source; default: for each.",
      }),
    ),
  },
  CLOSED,
);

export const askedRunSchema = Type.Object(
  {
    runs: Type.Array(
      Type.Object({ run: Type.String({ description: "The id of the run." }), subject: subjectOrNull }, CLOSED),
      { description: "One, or one for each subject that the job has now." },
    ),
  },
  CLOSED,
);
