// Looks at settled archives again: the identity of an archive is its content, not its URL (KS 13.4 I20).

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { fetchIfChanged } from "../upstreams/fetch-archive.ts";
import type { SeenContent } from "../upstreams/upstream-types.ts";
import * as events from "./events.ts";
import { fetchDeps, type ImportDeps, type ImportSource, type ListedArchive } from "./import-types.ts";
import { lockArchive, readForRecheck, touchChecked, writeProgress, writeSeenContent } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";
import { nextProgress } from "./state-machine.ts";

/**
 * Asks for those that are still listed and were not looked at for `recheckSeconds`, at most `recheckPerRun` of them, up to
 * the first that gets no answer or until `isOver`. Answers how many were opened again because they have changed.
 */
export async function recheckArchives(
  deps: ImportDeps,
  source: ImportSource,
  now: UnixSeconds,
  isOver: () => boolean,
): Promise<number> {
  const { recheckSeconds, recheckPerRun } = deps.settings;
  let reopened = 0;
  for (const archive of await readForRecheck(deps.database.db, source.id, now - recheckSeconds, recheckPerRun)) {
    if (isOver()) break;
    const seen = await look(deps, source, archive);
    if (await recordLook(deps, source, archive, seen === "no answer" ? null : seen, now)) reopened++;
    // It counts as looked at, so that the next run begins with another.
    if (seen === "no answer") break;
  }
  return reopened;
}

async function recordLook(
  deps: ImportDeps,
  source: ImportSource,
  archive: ListedArchive,
  seen: SeenContent | null,
  now: UnixSeconds,
): Promise<boolean> {
  if (seen === null) {
    await touchChecked(deps.database.db, archive.id, now);
    return false;
  }
  const isReopened = await deps.database.transaction((tx) => recordChange(tx, source, archive, seen, now));
  if (isReopened) events.reportReopened(deps.report, source, archive, "content_changed");
  return isReopened;
}

/** What is there now; null when that is unchanged or cannot be had, which is no reason to touch what is settled. */
async function look(
  deps: ImportDeps,
  source: ImportSource,
  archive: ListedArchive,
): Promise<SeenContent | null | "no answer"> {
  try {
    return (await fetchIfChanged(fetchDeps(deps), source, archive.line, archive))?.seen ?? null;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code.startsWith("fetch_") && code !== "fetch_too_large" ? "no answer" : null;
  }
}

async function recordChange(
  tx: Parameters<typeof lockArchive>[0],
  source: ImportSource,
  { id, digest: digestBefore }: ListedArchive,
  seen: SeenContent,
  now: UnixSeconds,
): Promise<boolean> {
  // At another place now, and to be looked at there.
  if ((await lockSource(tx, source.id)).baseUrl !== source.baseUrl) return false;
  const current = await lockArchive(tx, id);
  // Somebody else has been here since.
  if (current.digest !== digestBefore) return false;
  await writeSeenContent(tx, id, seen, now);
  if (seen.digest === digestBefore) return false;
  const progress = nextProgress(current.progress, { kind: "reopen" });
  if (progress === null) return false;
  await writeProgress(tx, id, progress, now);
  return true;
}
