// The admin API's operations on the clock of a server.

import { isoTimeOrNull } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { nothing, parseInstant } from "../../platform/http/admin/admin-schemas.ts";
import { readClockState, writeConfirmed } from "../../platform/time/clock-queries.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import { clockSchema, putBackAnswerSchema, putBackSchema } from "./clock-schemas.ts";
import type { AllAheadTables } from "./put-back.ts";
import { showClock } from "./show-clock.ts";

export type ClockApiErrorCode =
  /** The clock has to be relied on before anything is put back by it. */
  | "clock_in_doubt"
  /** The instant lies ahead. */
  | "clock_instant_invalid";

export interface ClockRouteDeps {
  readonly clock: JudgedClock;
  readonly aheadTables: Pick<AllAheadTables, "putBackIn">;
}

const TAG = "clock";
const RESOURCE = { kind: "clock", name: "server" } as const;

export function clockRoutes({ clock, aheadTables }: ClockRouteDeps): AdminRoute[] {
  const shown = () => showClock(clock.trust(), clock.now(), clock.machineNow());
  return [
    readRoute({
      path: "/v1/clock",
      operationId: "showClock",
      tag: TAG,
      summary: "Whether the process that answers relies on its clock, and what waits for that.",
      role: "auditor",
      codes: [],
      params: nothing,
      query: nothing,
      answer: clockSchema,
      read: async () => shown(),
    }),
    changeRoute({
      method: "POST",
      path: "/v1/clock/confirmations",
      operationId: "confirmClock",
      tag: TAG,
      summary: "Say that the machine's clock is right, whatever other clocks say.",
      description:
        "Every process whose clock agrees takes the word within seconds, puts back what lies ahead, and goes on.",
      role: "administrator",
      codes: [],
      params: nothing,
      body: nothing,
      answer: clockSchema,
      status: 202,
      resource: () => RESOURCE,
      look: lookAtWord,
      async change({ db }, { principal }) {
        await writeConfirmed(db, clock.machineNow(), principal);
        return shown();
      },
    }),
    changeRoute({
      method: "POST",
      path: "/v1/clock/put-backs",
      operationId: "putBackClock",
      tag: TAG,
      summary: "After a clock that was wrong unnoticed: judge again what was refused for its age since then.",
      role: "administrator",
      codes: ["clock_in_doubt", "clock_instant_invalid"] satisfies ClockApiErrorCode[],
      params: nothing,
      body: putBackSchema,
      answer: putBackAnswerSchema,
      status: 200,
      resource: () => RESOURCE,
      look: lookAtWord,
      async change({ db }, { body }) {
        const now = clock.now();
        const wrongSince = parseInstant(body.wrongSince);
        if (clock.trust().doubt !== null) throw inDoubt();
        if (wrongSince > now) throw instantInvalid(body.wrongSince);
        const counts = await aheadTables.putBackIn(db, { now, isAfterDoubt: true, isProven: true, wrongSince });
        return { counts: Object.entries(counts).map(([what, count]) => ({ what, count })) };
      },
    }),
  ];
}

async function lookAtWord({ db }: Database) {
  const { confirmedAt, confirmedBy } = await readClockState(db);
  return { confirmedAt: isoTimeOrNull(confirmedAt), confirmedBy };
}

function inDoubt(): CodedError<ClockApiErrorCode> {
  return new CodedError("clock_in_doubt", "nothing is put back by a clock that is in doubt", {
    remedy: "Set the clock right, or confirm it where it is, and ask again.",
  });
}

function instantInvalid(text: string): CodedError<ClockApiErrorCode> {
  return new CodedError("clock_instant_invalid", `${text} is still to come`, {
    remedy: "Name the instant since when the clock was wrong.",
  });
}
