// Settings of what people see of a running server: logs, audit, traces.

import { Type } from "typebox";
import { CLOSED, DAY_SECONDS, notes } from "../setting-notes.ts";

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** From the reference server's levels (KS 11.5). What is above an error is reported as an error here. */
const OTHER_LEVELS = { WARNING: "warn", CRITICAL: "error", ALERT: "error", EMERGENCY: "error" } as const;

export const observationSettings = {
  logLevel: Type.Enum(LOG_LEVELS, {
    default: "warn",
    ...notes({
      description: "Events below this level are not logged; start and stop always are, unless it is `silent`.",
      environment: ["LOG_LEVEL"],
      otherValues: OTHER_LEVELS,
    }),
  }),
  logForm: Type.Enum(["auto", "json", "text"], {
    default: "auto",
    ...notes({
      description: "Lines of JSON, or of text for people; `auto` is text on a terminal.",
      environment: ["LOG_MODE"],
      otherValues: { PRODUCTION: "json", DEVELOPMENT: "text" },
    }),
  }),
  auditKeptSeconds: Type.Optional(
    Type.Integer({
      minimum: DAY_SECONDS,
      ...notes({
        description: "How long entries of the audit log are kept.",
        unit: "seconds",
        environment: ["ENKS_AUDIT_KEPT"],
        defaultText: "for ever",
      }),
    }),
  ),
  tracing: Type.Object(
    {
      endpoint: Type.Optional(
        Type.String({
          pattern: "^https?://\\S+$",
          ...notes({
            description: "Where traces go by OTLP over HTTP, such as `http://collector:4318/v1/traces`.",
            environment: ["ENKS_TRACE_ENDPOINT"],
            defaultText: "no traces",
          }),
        }),
      ),
      probability: Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.4,
        ...notes({ description: "The part of runs and requests that is traced.", environment: ["TRACE_PROBABILITY"] }),
      }),
    },
    { ...CLOSED, default: {} },
  ),
};
