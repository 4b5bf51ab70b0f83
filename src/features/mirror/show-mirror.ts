// Mirrors and what they have handed over in the words of the admin API.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { hideQuery } from "../../platform/http/hidden-query.ts";
import { toLifeBody } from "../upstreams/life-schemas.ts";
import { toTrustedKeyBody } from "../upstreams/trusted-key-schemas.ts";
import type { MirrorArchiveBody, MirrorBody } from "./admin-schemas.ts";
import { lagSeconds, waitingLines } from "./judge-progress.ts";
import type { MirrorOverview } from "./mirror-types.ts";
import { type HandedOver, readMirrorOverviews } from "./status-queries.ts";

export function toMirrorBody(overview: MirrorOverview, now: UnixSeconds): MirrorBody {
  const { mirror, targetPosition, totals, trustedKeys } = overview;
  const { name, location, method, region, maxRecords, allowPrivateAddresses, lastError } = mirror;
  const { otherEntries, batchParts, onsetCodes } = mirror;
  return {
    name,
    location,
    method,
    indexUrl: hideQuery(mirror.indexUrl),
    baseUrl: hideQuery(mirror.baseUrl),
    region,
    maxRecords,
    allowPrivateAddresses,
    otherEntries: [...otherEntries],
    batchParts,
    onsetCodes,
    from: isoTime(mirror.from),
    until: isoTimeOrNull(mirror.until),
    ...toLifeBody(mirror, now),
    trustedKeys: trustedKeys.map(toTrustedKeyBody),
    lastRunAt: isoTimeOrNull(overview.lastRunAt),
    lastOkAt: isoTimeOrNull(mirror.lastOkAt),
    lastError,
    source: {
      listedAt: isoTimeOrNull(overview.listedAt),
      newestWindowEnd: isoTimeOrNull(overview.listedEnd),
    },
    newestWindowEnd: isoTimeOrNull(overview.newestTakenEnd),
    lastTakenAt: isoTimeOrNull(overview.lastTakenAt),
    waitingLines: waitingLines(overview),
    lagSeconds: lagSeconds(overview),
    history: {
      doneAt: isoTimeOrNull(mirror.historyDoneAt),
      takenLines: mirror.nextPosition - 1,
      listedLines: targetPosition === null ? null : Math.max(targetPosition, mirror.nextPosition) - 1,
    },
    totals: { ...totals },
    skippedLines: overview.skippedLines,
    lostArchives: overview.lostArchives,
  };
}

/** null when there is no mirror of this name. */
export async function lookAtMirror(db: Db, name: string, now: UnixSeconds): Promise<MirrorBody | null> {
  const [overview] = await readMirrorOverviews(db, name);
  return overview === undefined ? null : toMirrorBody(overview, now);
}

export function toMirrorArchiveBody({ end, takenAt, ...archive }: HandedOver): MirrorArchiveBody {
  return { ...archive, windowEnd: isoTime(end), takenAt: isoTime(takenAt) };
}
