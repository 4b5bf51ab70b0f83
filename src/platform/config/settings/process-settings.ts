// Settings of the process as a whole.

import { Type } from "typebox";
import { DAY_SECONDS, notes } from "../setting-notes.ts";

/** What a process does: listeners, and the jobs of a duty. */
export const DUTIES = ["public", "upload", "admin", "import", "export", "mirror", "publish", "clean-up"] as const;

export const processSettings = {
  name: Type.String({
    minLength: 1,
    maxLength: 60,
    default: "enks",
    ...notes({ description: "What people call this server.", environment: ["ENKS_NAME"] }),
  }),
  production: Type.Boolean({
    default: false,
    ...notes({
      description: "Refuses what only tests may use: the embedded database, stores in memory, generated keys.",
      environment: ["ENKS_PRODUCTION"],
    }),
  }),
  dataFolder: Type.String({
    minLength: 1,
    default: ".enks",
    ...notes({
      description: "The folder of this process, with its configuration in `enks.yaml`. Not set in that file.",
      environment: ["ENKS_DATA_FOLDER"],
    }),
  }),
  duties: Type.Array(Type.Enum(DUTIES), {
    minItems: 1,
    uniqueItems: true,
    default: [...DUTIES],
    ...notes({
      description:
        "What this process does: the two listeners, uploads at the public one, and the jobs by kind. Several processes on one PostgreSQL share the work.",
      environment: ["ENKS_DUTIES"],
      defaultText: "all",
    }),
  }),
  jobPeriodsSeconds: Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: DAY_SECONDS }), {
    default: {},
    ...notes({
      description: "How often a job runs, by its name; `enks job list` names them.",
      unit: "seconds",
      environment: ["ENKS_JOB_PERIODS"],
      defaultText: "the job's own",
    }),
  }),
  stopWithinSeconds: Type.Integer({
    minimum: 1,
    maximum: 600,
    default: 25,
    ...notes({
      description:
        "How long a stop may take, the drain included. Jobs under way get this time; what they had not finished is done again.",
      unit: "seconds",
      environment: ["ENKS_STOP_WITHIN"],
    }),
  }),
  drainSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 300,
      ...notes({
        description:
          "For how long a process that was told to stop still serves while its readiness says no, so that a load balancer sends the next requests to others. Less than `stopWithinSeconds`.",
        unit: "seconds",
        environment: ["ENKS_DRAIN"],
        defaultText: "10, at most half of `stopWithinSeconds`",
      }),
    }),
  ),
  startWithinSeconds: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: 900,
    ...notes({
      description: "How long a start may take, migrations included. One that takes longer ends with an error.",
      unit: "seconds",
      environment: ["ENKS_START_WITHIN"],
    }),
  }),
};
