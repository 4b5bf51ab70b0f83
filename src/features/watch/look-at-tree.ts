// One look at a location from where phones are: its index, what is new in it, and whether the rest is still there.

import { DEFAULT_LISTING_FORMAT, readLines } from "../../archive/listing/listing-reader.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import type { RunEnd } from "../../platform/jobs/job.ts";
import { chooseArchives } from "./choose-archives.ts";
import {
  firstMissing,
  judgeTree,
  LOOK_EVERY_SECONDS,
  plainLine,
  publishedArchives,
  type SeenTree,
} from "./judge-tree.ts";
import { isAbsent, lookAtArchive, unavailable } from "./look-at-archive.ts";
import { readLook, readSeenLines, replaceLines, writeLook, writeSeenLine } from "./queries.ts";
import { recordAlarms } from "./record-alarms.ts";
import type { Alarm, Look, WatchDeps, WatchErrorCode, WatchedTree } from "./watch-types.ts";

/** So many periods without sight are late. */
const UNSEEN_PERIODS = 3;

/** `more`: there are more new archives than one turn takes. What keeps it from looking is a result, and no rejection. */
export async function lookAtTree(deps: WatchDeps, location: string, now: UnixSeconds): Promise<RunEnd> {
  const { db } = deps.database;
  const last = await readLook(db, location);
  const tree = await deps.readTree(db, location);
  if (tree === null) return "done";
  if (!tree.isOurs || publishedArchives(tree).length === 0) {
    await record(deps, last, lookOf(location, last, now, { outcome: "waiting", code: null }), [], []);
    return "done";
  }
  try {
    const rootUrl = deps.publicUrl();
    if (rootUrl === null) throw new CodedError<WatchErrorCode>("watch_no_public_url", "publicUrl is not set");
    return await lookFrom(deps, tree, rootUrl, last, now);
  } catch (error) {
    const look = lookOf(location, last, now, { outcome: "unseen", code: requireSightless(error).code });
    await record(deps, last, look, null, judgeUnseen(look, requireSightless(error).message));
    return "done";
  }
}

async function lookFrom(
  deps: WatchDeps,
  before: WatchedTree,
  rootUrl: string,
  last: Look | null,
  now: UnixSeconds,
): Promise<RunEnd> {
  const { db } = deps.database;
  const { location } = before;
  const indexUrl = `${rootUrl}/${before.indexObject}`;
  const fetched = await fetchIndex(deps, indexUrl, last);
  const isIndex = "lines" in fetched;
  if (isIndex && fetched.lines !== null) {
    const { lines } = fetched;
    await deps.database.transaction((tx) => replaceLines(tx, location, lines));
  }
  // Behind the index, so that what is published meanwhile is no stranger.
  const tree = (await deps.readTree(db, location)) ?? before;
  const looked = isIndex ? await lookAtArchives(deps, tree, rootUrl, now) : { hasMore: false, obstacle: null };
  const index = isIndex ? await readSeenLines(db, location) : fetched;
  const behind = behindOf(tree, index, last, now);
  const { obstacle } = looked;
  const outcome = obstacle === null ? "seen" : "unseen";
  const look: Look = {
    ...lookOf(location, last, now, { outcome, code: obstacle?.code ?? (isIndex ? null : fetched.code) }),
    ...behind,
    etag: isIndex ? fetched.etag : null,
    lastModified: isIndex ? fetched.lastModified : null,
  };
  const seen = { index, behindSince: behind.behindSince, indexUrl: shownUrl(indexUrl) };
  await record(
    deps,
    last,
    look,
    judgeTree(tree, seen, now),
    obstacle === null ? [] : judgeUnseen(look, obstacle.message),
  );
  return looked.hasMore ? "more" : "done";
}

/** Until the first that cannot be looked at: the others would most likely share its fate, and its time. */
async function lookAtArchives(
  deps: WatchDeps,
  tree: WatchedTree,
  rootUrl: string,
  now: UnixSeconds,
): Promise<{ readonly hasMore: boolean; readonly obstacle: CodedError | null }> {
  const { db } = deps.database;
  const { lines, hasMore } = chooseArchives(tree, await readSeenLines(db, tree.location), now);
  try {
    for (const line of lines) {
      await writeSeenLine(db, tree.location, await lookAtArchive(deps, tree, rootUrl, line, now));
    }
    return { hasMore, obstacle: null };
  } catch (error) {
    return { hasMore: false, obstacle: requireSightless(error) };
  }
}

type FetchedIndex =
  /** `lines` null: they are as they were. */
  | { readonly lines: readonly string[] | null; readonly etag: string | null; readonly lastModified: string | null }
  | Extract<SeenTree["index"], { readonly code: string }>;

async function fetchIndex({ fetcher, settings }: WatchDeps, url: string, last: Look | null): Promise<FetchedIndex> {
  const { etag = null, lastModified = null } = last ?? {};
  const fetched = await fetcher({
    url,
    maxBytes: settings.indexMaxBytes,
    timeoutMilliseconds: settings.indexTimeoutMilliseconds,
    allowPrivateAddresses: true,
    etag: etag ?? undefined,
    lastModified: lastModified ?? undefined,
  });
  if (fetched.outcome === "not_modified") return { lines: null, etag, lastModified };
  if (fetched.outcome === "status") {
    if (!isAbsent(fetched.status)) throw unavailable(shownUrl(url), fetched.status);
    return { code: "watch_index_missing", why: `${shownUrl(url)} answers with status ${fetched.status}` };
  }
  try {
    const lines = readLines(DEFAULT_LISTING_FORMAT, fetched);
    if (lines.length > settings.indexMaxLines) {
      return { code: "watch_index_unreadable", why: `the index has ${lines.length} lines` };
    }
    return { ...fetched, lines: [...new Set(lines.map((line) => usable(url, line)))] };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { code: "watch_index_unreadable", why: `${error.code}: ${error.message}` };
  }
}

/** Bounded and printable, whatever a stranger's index has. */
function usable(url: string, line: string): string {
  const { line: plain } = resolveLine(new URL(".", url).href, line);
  return plainLine(plain).replaceAll("\0", "");
}

function behindOf(
  tree: WatchedTree,
  index: SeenTree["index"],
  last: Look | null,
  now: UnixSeconds,
): Pick<Look, "behindLine" | "behindSince"> {
  const lines = new Set("code" in index ? [] : index.map(({ line }) => line));
  const behindLine = firstMissing(tree, lines);
  if (behindLine === null) return { behindLine, behindSince: null };
  const isSame = last?.behindLine === behindLine;
  return { behindLine, behindSince: isSame ? last.behindSince : now };
}

function judgeUnseen({ location, code, since, lookedAt }: Look, why: string): Alarm[] {
  if (code === "watch_no_public_url" || lookedAt - since < UNSEEN_PERIODS * LOOK_EVERY_SECONDS) return [];
  return [
    {
      kind: "location",
      name: location,
      reason: "watch_cannot_look",
      state: "late",
      since,
      detail: `this server cannot follow the way of phones: ${why}`,
      remedy:
        "Look from outside whether phones can. Where only this machine cannot, let it resolve and reach the host of publicUrl.",
    },
  ];
}

/** `alarms` null: what was wrong remains, since nothing was seen. */
async function record(
  deps: WatchDeps,
  last: Look | null,
  look: Look,
  alarms: readonly Alarm[] | null,
  unseen: readonly Alarm[],
): Promise<void> {
  const events = await deps.database.transaction(async (tx) => {
    await writeLook(tx, look);
    return [
      ...(await recordAlarms(tx, `unseen:${look.location}`, unseen)),
      ...(alarms === null ? [] : await recordAlarms(tx, `location:${look.location}`, alarms)),
    ];
  });
  for (const event of events) deps.report(event);
  const { location, outcome, code } = look;
  if (outcome === (last?.outcome ?? "waiting")) return;
  deps.report({ event: "watch.look-changed", level: outcome === "unseen" ? "warn" : "info", location, outcome, code });
}

function lookOf(
  location: string,
  last: Look | null,
  now: UnixSeconds,
  { outcome, code }: Pick<Look, "outcome" | "code">,
): Look {
  const isSame = last?.outcome === outcome && (last.code === null) === (code === null);
  return {
    location,
    lookedAt: now,
    outcome,
    code,
    since: isSame ? last.since : now,
    seenAt: outcome === "seen" ? now : (last?.seenAt ?? null),
    etag: last?.etag ?? null,
    lastModified: last?.lastModified ?? null,
    behindLine: last?.behindLine ?? null,
    behindSince: last?.behindSince ?? null,
  };
}

/** The failure if it says nothing about the tree, only about the way to it; rethrows any other. */
function requireSightless(error: unknown): CodedError {
  if (error instanceof CodedError && /^(fetch|watch)_/.test(error.code)) return error;
  throw error;
}
