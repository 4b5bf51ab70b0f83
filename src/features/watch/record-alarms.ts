// Keeps what a round has found, and tells what began and what is over.

import type { Db } from "../../platform/database/database.ts";
import type { ReportedEvent } from "../../platform/observe/report.ts";
import { deleteAlarm, readAlarms, writeAlarm } from "./queries.ts";
import type { Alarm } from "./watch-types.ts";

/** Everything that `round` finds at the moment; answers the events, to be reported once the transaction is committed. */
export async function recordAlarms(tx: Db, round: string, found: readonly Alarm[]): Promise<ReportedEvent[]> {
  const before = (await readAlarms(tx)).filter((alarm) => alarm.round === round);
  const known = new Set(before.map(idOf));
  const current = new Set(found.map(idOf));
  for (const alarm of found) await writeAlarm(tx, round, alarm);
  const ended = before.filter((alarm) => !current.has(idOf(alarm)));
  for (const alarm of ended) await deleteAlarm(tx, round, alarm);
  return [
    ...found
      .filter((alarm) => !known.has(idOf(alarm)))
      .map(({ kind, name, reason, state, detail, remedy }) => ({
        event: "watch.alarm-raised",
        level: state === "broken" ? ("error" as const) : ("warn" as const),
        kind,
        name,
        code: reason,
        detail,
        remedy,
      })),
    ...ended.map(({ kind, name, reason }) => ({ event: "watch.alarm-ended", kind, name, code: reason })),
  ];
}

function idOf({ kind, name, reason }: Alarm): string {
  return JSON.stringify([kind, name, reason]);
}
