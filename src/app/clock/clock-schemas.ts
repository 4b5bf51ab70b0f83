// What the admin API says about the clock of a process.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull } from "../../platform/http/admin/admin-schemas.ts";
import { FRESHNESS_STATES } from "../status/freshness.ts";

export const clockSchema = Type.Object(
  {
    freshness: Type.Enum([...FRESHNESS_STATES], { description: "broken: somebody has to look." }),
    reasons: Type.Array(Type.String(), { description: "The code of the doubt." }),
    time: { ...instant, description: "By which the process works." },
    machineTime: { ...instant, description: "What the machine's clock says, right or wrong." },
    offBySeconds: Type.Integer({
      description: "How far the machine's clock is ahead of the time that was expected; negative: behind.",
    }),
    doubtedSince: instantOrNull,
    waits: Type.Enum(["nothing", "deletions", "everything"], {
      description: "everything: exports, imports, mirrors and deletions; uploads and downloads go on.",
    }),
    evidence: Type.Union([Type.String(), Type.Null()], { description: "What the trust rests on; null in doubt." }),
    contradictedBy: Type.Array(Type.String(), { description: "Other clocks: process, database, upstreams." }),
    steadyForSeconds: Type.Union([Type.Integer(), Type.Null()], {
      description: "Goes on steadily for so long, and the doubt ends; null: it does not end by that.",
    }),
  },
  { ...CLOSED, title: "ClockStatus" },
);
export type ClockBody = Static<typeof clockSchema>;

export const putBackSchema = Type.Object(
  {
    wrongSince: {
      ...instant,
      description: "Since when the clock was wrong, or a little before; by the right time.",
    },
  },
  CLOSED,
);

export const putBackAnswerSchema = Type.Object(
  {
    counts: Type.Array(Type.Object({ what: Type.String(), count: Type.Integer() }, CLOSED), {
      description: "What was put back or opened again, and how often.",
    }),
  },
  { ...CLOSED, title: "PutBack" },
);
export type PutBackBody = Static<typeof putBackAnswerSchema>;
