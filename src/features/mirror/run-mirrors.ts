// Everything that is due in one mirror: what the source lists and we have not taken, up to the first that fails.

import { parseArchiveName } from "../../archive/archive-name.ts";
import { DAY, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import type { RunEnd } from "../../platform/jobs/job.ts";
import { isFinalLook, isTaking } from "../upstreams/life.ts";
import { endUpstream, noteFinalLook } from "../upstreams/queries.ts";
import { readSkippedLines } from "../upstreams/skip-queries.ts";
import { lookAtListing, recordAllTaken, recordLook } from "./check-listing.ts";
import { handOverEach, handOverHistory } from "./hand-over.ts";
import { readAcceptedLosses } from "./loss-queries.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode } from "./mirror-types.ts";
import { planSync } from "./plan-sync.ts";
import { forgetHead, noteRun, readMirror, readTakenLines } from "./queries.ts";
import { noteListing, noteUnchanged } from "./status-queries.ts";

/** Longer than the location remembers what it published, so that a line that comes back meets one memory or the other. */
const REMEMBERED_SECONDS = 60 * DAY;

/** A run takes further lines for so long, and so many; then it is the turn of other mirrors. */
const RUN_SECONDS = 4 * MINUTE;
const RUN_LINES = 10_000;

/**
 * A failure with a code is noted and reported, and the mirror goes on when next due; another one is our own, and rejects
 * as well.
 */
export async function runMirror(deps: MirrorDeps, name: string, now: UnixSeconds): Promise<RunEnd> {
  const mirror = await readMirror(deps.database.db, name);
  if (mirror === undefined || !isTaking(mirror, now)) return "done";
  try {
    const end = await takeDue(deps, mirror, now);
    await noteRun(deps.database.db, mirror.id, now, null);
    return end;
  } catch (error) {
    const code = codeOf(error);
    const level = code === "mirror_overtaken" ? "info" : "error";
    deps.report({ event: "mirror.failed", level, mirror: name, code: code ?? "unexpected", why: String(error) });
    await noteRun(deps.database.db, mirror.id, now, code ?? "unexpected");
    if (code === undefined) throw error;
    return "done";
  }
}

/**
 * Takes a contiguous prefix: a line that cannot be had stops the run, and nothing behind it is published before it
 * (KS M1). What was handed over before the failure is published.
 */
async function takeDue(deps: MirrorDeps, mirror: Mirror, now: UnixSeconds): Promise<RunEnd> {
  const look = await lookAtListing(deps, mirror, now);
  if (look === null) {
    await noteUnchanged(deps.database.db, mirror.id, now);
    await endIfDue(deps, mirror, now);
    return "done";
  }
  const { listed } = look.listing;
  const taken = await readTakenLines(deps.database.db, mirror.id);
  const skipped = await readSkippedLines(deps.database.db, mirror.upstreamId);
  const mayBeGone = await readAcceptedLosses(deps.database.db, mirror.id);
  const plan = planSync({ listed, taken, skipped, mayBeGone, now });
  await recordLook(deps, mirror, look, plan, skipped, now);
  if (plan.kind === "refuse") throw notBelieved(mirror, plan.why);
  await noteListing(deps.database.db, mirror, { waiting: plan.lines.length, newestEnd: newestEnd(listed, now) }, now);
  const isAllTaken = plan.lines.length === 0 || (await takeLines(deps, mirror, plan.lines, listed, now));
  if (!isAllTaken) return "more";
  await recordAllTaken(deps, mirror, look);
  await endIfDue(deps, mirror, now);
  return "done";
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

/** Answers whether all of them are taken, and not only as many as a run may. */
async function takeLines(
  deps: MirrorDeps,
  mirror: Mirror,
  lines: readonly string[],
  listed: readonly string[],
  now: UnixSeconds,
): Promise<boolean> {
  const isHistory = mirror.method === "reseal" && mirror.historyDoneAt === null;
  const turn = { lines: lines.slice(0, RUN_LINES), isLast: lines.length <= RUN_LINES, isOver: untilOver(deps) };
  let after = mirror;
  try {
    after = await (isHistory ? handOverHistory : handOverEach)(deps, mirror, turn, now);
  } finally {
    await deps.locations.publish(mirror.location, now);
  }
  if (deps.clock.trust().allows.destroying) {
    await forgetHead(deps.database.db, mirror.id, now - REMEMBERED_SECONDS, listed);
  }
  const taken = after.nextPosition - mirror.nextPosition;
  deps.report({ event: "mirror.run", mirror: mirror.name, lines: taken });
  return taken === lines.length;
}

function untilOver({ clock }: MirrorDeps): () => boolean {
  const endsAt = clock.now() + RUN_SECONDS;
  return () => clock.now() >= endsAt;
}

function notBelieved({ indexUrl }: Mirror, why: string): CodedError<MirrorErrorCode> {
  return new CodedError("mirror_source_shrank", `${shownUrl(indexUrl)} is not believed: ${why}`, {
    remedy: "Nothing was taken and nothing forgotten. Where the source has withdrawn it, accept the loss.",
  });
}

/** As the names of the lines tell; no window that is over ends in the future, whatever a name says. */
function newestEnd(listed: readonly string[], now: UnixSeconds): UnixSeconds | null {
  const ends = listed.flatMap((line) => parseArchiveName(line)?.end ?? []).filter((end) => end <= now);
  return ends.reduce<UnixSeconds | null>((newest, end) => Math.max(newest ?? end, end), null);
}
