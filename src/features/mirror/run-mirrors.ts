// Everything that is due in all mirrors: what the source lists and we have not taken, up to the first that fails.

import { parseArchiveName } from "../../archive/archive-name.ts";
import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import { isFinalLook, isTaking } from "../upstreams/life.ts";
import { endUpstream, noteFinalLook } from "../upstreams/queries.ts";
import { lookAtListing, recordAllTaken, recordLook } from "./check-listing.ts";
import { handOverEach, handOverHistory } from "./hand-over.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode } from "./mirror-types.ts";
import { planSync } from "./plan-sync.ts";
import { forgetHead, noteRun, readMirrors, readTakenLines } from "./queries.ts";
import { noteListing, noteUnchanged } from "./status-queries.ts";

/** Longer than the location remembers what it published, so that a line that comes back meets one memory or the other. */
const REMEMBERED_SECONDS = 60 * DAY;

/** One mirror's failure is noted and reported, and does not stop the others. */
export async function runMirrors(deps: MirrorDeps, now: UnixSeconds): Promise<void> {
  for (const mirror of await readMirrors(deps.database.db)) {
    if (!isTaking(mirror, now)) continue;
    try {
      await runMirror(deps, mirror, now);
      await noteRun(deps.database.db, mirror.id, now, null);
    } catch (error) {
      const code = codeOf(error) ?? "unexpected";
      const level = code === "mirror_overtaken" ? "info" : "error";
      deps.report({ event: "mirror.failed", level, mirror: mirror.name, code, why: String(error) });
      await noteRun(deps.database.db, mirror.id, now, code);
    }
  }
}

/**
 * Takes a contiguous prefix: a line that cannot be had stops the run, and nothing behind it is published before it
 * (KS M1). What was handed over before the failure is published.
 */
async function runMirror(deps: MirrorDeps, mirror: Mirror, now: UnixSeconds): Promise<void> {
  const look = await lookAtListing(deps, mirror, now);
  if (look === null) {
    await noteUnchanged(deps.database.db, mirror.id, now);
    return endIfDue(deps, mirror, now);
  }
  const { listed } = look.listing;
  const taken = await readTakenLines(deps.database.db, mirror.id);
  const plan = planSync({ listed, taken, now });
  await recordLook(deps, mirror, look, plan.kind === "refuse" ? "mirror_source_shrank" : null, now);
  if (plan.kind === "refuse") throw notBelieved(mirror, plan.why);
  await noteListing(deps.database.db, mirror, { waiting: plan.lines.length, newestEnd: newestEnd(listed, now) }, now);
  if (plan.lines.length > 0) await takeLines(deps, mirror, plan.lines, listed, now);
  await recordAllTaken(deps, mirror, look);
  await endIfDue(deps, mirror, now);
}

/** A mirror that comes to its end has ended once everything is taken that a good look at or after the end has found. */
async function endIfDue({ database, report }: MirrorDeps, mirror: Mirror, now: UnixSeconds): Promise<void> {
  if (!isFinalLook(mirror, now)) return;
  const isEnded = await database.transaction(async (tx) => {
    await noteFinalLook(tx, mirror.upstreamId, now);
    return endUpstream(tx, mirror, now, null);
  });
  if (isEnded) report({ event: "mirror.ended", mirror: mirror.name, givenUp: null });
}

async function takeLines(
  deps: MirrorDeps,
  mirror: Mirror,
  lines: readonly string[],
  listed: readonly string[],
  now: UnixSeconds,
): Promise<void> {
  try {
    if (mirror.method === "reseal" && mirror.historyDoneAt === null) await handOverHistory(deps, mirror, lines, now);
    else await handOverEach(deps, mirror, lines, now);
  } finally {
    await deps.locations.publish(mirror.location, now);
  }
  if (deps.clock.trust().allows.destroying) {
    await forgetHead(deps.database.db, mirror.id, now - REMEMBERED_SECONDS, listed);
  }
  deps.report({ event: "mirror.run", mirror: mirror.name, lines: lines.length });
}

function notBelieved({ indexUrl }: Mirror, why: string): CodedError<MirrorErrorCode> {
  return new CodedError("mirror_source_shrank", `${shownUrl(indexUrl)} is not believed: ${why}`, {
    remedy: "Nothing was taken and nothing forgotten; the next run looks again.",
  });
}

/** As the names of the lines tell; no window that is over ends in the future, whatever a name says. */
function newestEnd(listed: readonly string[], now: UnixSeconds): UnixSeconds | null {
  const ends = listed.flatMap((line) => parseArchiveName(line)?.end ?? []).filter((end) => end <= now);
  return ends.reduce<UnixSeconds | null>((newest, end) => Math.max(newest ?? end, end), null);
}
