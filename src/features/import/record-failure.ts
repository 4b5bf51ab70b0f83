// Writing down that the attempt at a leased archive failed.

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { classifyFailure, isSuspect, type ServerHealth } from "../upstreams/classify-failure.ts";
import { readUpstream } from "../upstreams/queries.ts";
import type { SeenContent } from "../upstreams/upstream-types.ts";
import * as events from "./events.ts";
import type { ImportDeps, ImportSource, ListedArchive } from "./import-types.ts";
import type { ServerProbe } from "./probe-server.ts";
import { lockArchive, writeProgress, writeSeenContent } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";
import { type ArchiveProgress, nextProgress } from "./state-machine.ts";

/** A server that seems unwell for longer is taken at its word: what it does not give it does not have. */
const LONGEST_OUTAGE_SECONDS = 2 * DAY;

async function healthFor(
  error: unknown,
  { discoveredAt }: ListedArchive,
  probe: ServerProbe,
  now: UnixSeconds,
): Promise<ServerHealth> {
  if (!isSuspect(error)) return "unknown";
  return now - discoveredAt > LONGEST_OUTAGE_SECONDS ? "well" : probe.ask();
}

/**
 * Answers the new progress, or null when the lease was lost meanwhile and nothing was written. Rejects only when the
 * failure cannot be recorded; then the lease lapses.
 */
export async function recordFailure(
  { database, clock, report }: ImportDeps,
  source: ImportSource,
  leased: ListedArchive,
  error: unknown,
  seen: SeenContent | null,
  probe: ServerProbe,
): Promise<ArchiveProgress | null> {
  const { leaseToken } = leased.progress;
  const now = clock.now();
  const server = await healthFor(error, leased, probe, now);
  const recorded = await database.transaction(async (tx) => {
    const isMoved = (await lockSource(tx, source.id)).baseUrl !== source.baseUrl;
    const { progress } = await lockArchive(tx, leased.id);
    const { outcome } = (await readUpstream(tx, source.upstreamId)).check;
    const failure = classifyFailure(error, { isIndexReadable: outcome !== "failed", isMoved, server });
    const next = nextProgress(progress, { kind: "failed", leaseToken, failure, now });
    if (next === null) return null;
    await writeProgress(tx, leased.id, next, now);
    await writeSeenContent(tx, leased.id, seen, now);
    return next;
  });
  if (recorded === null) events.reportLeaseLost(report, source, leased);
  else events.reportFailed(report, source, leased, recorded, error);
  return recorded;
}
