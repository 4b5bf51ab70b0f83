// What the watch has found, in the words of the status.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import type { Alarm, Look } from "../../features/watch/watch-types.ts";
import type { Freshness } from "./freshness.ts";
import type { AlarmBody, ExposuresStatusBody, LookBody } from "./status-schemas.ts";

export function showAlarm({ kind, name, reason, state, detail, remedy, since }: Alarm, now: UnixSeconds): AlarmBody {
  return { kind, name, reason, state, since: isoTime(Math.min(since, now)), detail, remedy };
}

/** All keys that were accepted: whether exports take them. */
export function showExposures({ state, reasons }: Freshness): ExposuresStatusBody {
  return { name: "exposures", freshness: state, reasons: [...reasons] };
}

export function showLook(look: Look | null): LookBody | null {
  if (look === null) return null;
  const { outcome, code, since, lookedAt, seenAt } = look;
  return { outcome, code, since: isoTime(since), lookedAt: isoTime(lookedAt), seenAt: isoTimeOrNull(seenAt) };
}
