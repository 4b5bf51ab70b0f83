// One look at the way of keys inside the server: which of them no export takes, and what feeds the locations.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import { judgeFlow } from "./judge-flow.ts";
import { fateOf, judgeReleases, MATTERS_SECONDS } from "./judge-releases.ts";
import { lockCountedUntil, readReleases, replaceReleases, writeCountedUntil } from "./queries.ts";
import { recordAlarms } from "./record-alarms.ts";
import type { WatchDeps } from "./watch-types.ts";

const FLOW = "flow";
/** A save that began long ago may still commit. */
const SETTLED_SECONDS = 2 * HOUR;

/**
 * Keys are counted once: what was released long enough ago is remembered by hours until an export has taken it, so that a
 * look reads the keys of a few hours.
 */
export async function lookAtFlow(deps: WatchDeps, now: UnixSeconds): Promise<void> {
  const signingKeys = await deps.listSigningKeys();
  const events = await deps.database.transaction(async (tx) => {
    const from = Math.max(await lockCountedUntil(tx), truncateWindow(now - MATTERS_SECONDS, HOUR));
    const flow = await deps.readFlow(tx, now);
    const all = [...(await readReleases(tx)), ...(await deps.countReleases(tx, from))];
    const open = all.filter(
      (release) => release.last > now - MATTERS_SECONDS - DAY && fateOf(release, flow.exports) !== "taken",
    );
    const until = Math.max(from, settledUntil(deps, now));
    await replaceReleases(
      tx,
      open.filter(({ hour }) => hour < until),
    );
    await writeCountedUntil(tx, until);
    return recordAlarms(tx, FLOW, [...judgeReleases(open, flow.exports, now), ...judgeFlow(flow, signingKeys, now)]);
  });
  for (const event of events) deps.report(event);
}

/** Whole hours, since they are remembered by the hour. */
function settledUntil({ settings }: WatchDeps, now: UnixSeconds): UnixSeconds {
  return truncateWindow(now - SETTLED_SECONDS - settings.truncateWindowSeconds, HOUR);
}
