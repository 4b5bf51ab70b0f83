// What the admin API says about jobs.

import { Type } from "typebox";
import { CLOSED, instant, instantOrNull } from "../platform/http/admin/admin-schemas.ts";
import { JOB_DUTIES } from "../platform/jobs/job.ts";
import { JOB_RUN_STATES } from "../platform/jobs/job-runner.ts";

const textOrNull = Type.Union([Type.String(), Type.Null()]);

export const jobSchema = Type.Object(
  {
    name: Type.String(),
    duty: Type.Enum([...JOB_DUTIES]),
    everySeconds: Type.Integer(),
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
  },
  CLOSED,
);

export const jobRunSchema = Type.Object(
  {
    id: Type.String(),
    job: Type.String(),
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
  { id: Type.String(), job: Type.String(), failedAt: instant, code: textOrNull, message: textOrNull },
  CLOSED,
);

export const jobRunParams = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), id: Type.String({ minLength: 1, maxLength: 100 }) },
  CLOSED,
);

export const askedRunSchema = Type.Object({ run: Type.String({ description: "The id of the run." }) }, CLOSED);
