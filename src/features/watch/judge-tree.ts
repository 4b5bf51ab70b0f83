// What is wrong with a tree as phones see it, compared with what the server published.

import { isoTime, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Alarm, SeenLine, WatchedArchive, WatchedTree, WatchSuspicion } from "./watch-types.ts";

/** How long a cache may keep an index (docs/operate/server.md). */
export const INDEX_MAX_AGE_SECONDS = 2 * MINUTE;
export const LOOK_EVERY_SECONDS = 5 * MINUTE;
/** Longer than caches and two periods explain. */
export const INDEX_OLD_SECONDS = INDEX_MAX_AGE_SECONDS + 2 * LOOK_EVERY_SECONDS;

export interface SeenTree {
  /** In the order of the index; or why there is none. */
  readonly index:
    | readonly SeenLine[]
    | { readonly code: "watch_index_missing" | "watch_index_unreadable"; readonly why: string };
  /** Since which look the oldest missing line is missing; null: none is. */
  readonly behindSince: UnixSeconds | null;
  readonly indexUrl: string;
}

/** Lines that every index has to have by now. */
export function publishedArchives({ archives, indexCheckedAt }: WatchedTree): WatchedArchive[] {
  return archives.filter(
    ({ appendedAt, expiredAt }) => expiredAt === null && indexCheckedAt !== null && appendedAt <= indexCheckedAt,
  );
}

/** As the listing has it. */
export function plainLine(line: string): string {
  return line.replace(/^\/+/, "");
}

/** The oldest published line behind everything that the index has; null: it has the newest. */
export function firstMissing(tree: WatchedTree, lines: ReadonlySet<string>): string | null {
  const published = publishedArchives(tree).map(({ line }) => plainLine(line));
  return published[published.findLastIndex((line) => lines.has(line)) + 1] ?? null;
}

export function judgeTree(tree: WatchedTree, seen: SeenTree, now: UnixSeconds): Alarm[] {
  const alarm = (
    reason: WatchSuspicion,
    {
      since = now,
      ...words
    }: { readonly since?: UnixSeconds | undefined; readonly detail: string; readonly remedy: string },
  ): Alarm => ({ kind: "location", name: tree.location, reason, state: "broken", since, ...words });
  const { index, behindSince, indexUrl } = seen;
  if ("code" in index) return isYoung(tree, now) ? [] : judgeMissing(index, seen, now, alarm);
  return [
    ...judgeLines(tree, index, alarm),
    ...(behindSince !== null && now - behindSince > INDEX_OLD_SECONDS
      ? [
          alarm("watch_index_old", {
            since: behindSince,
            detail: `the index at ${indexUrl} lacks what was published before ${isoTime(behindSince)}`,
            remedy: "Have the cache or the bucket in front ask for the index each time, and purge it there.",
          }),
        ]
      : []),
    ...judgeArchives(tree, index, alarm),
  ];
}

/** A cache may still know that there was no index. */
function isYoung({ archives }: WatchedTree, now: UnixSeconds): boolean {
  return now - Math.min(...archives.map(({ appendedAt }) => appendedAt)) <= INDEX_OLD_SECONDS;
}

type MakeAlarm = (
  reason: WatchSuspicion,
  words: { readonly since?: UnixSeconds | undefined; readonly detail: string; readonly remedy: string },
) => Alarm;

function judgeMissing(
  { code, why }: Exclude<SeenTree["index"], readonly SeenLine[]>,
  { behindSince, indexUrl }: SeenTree,
  now: UnixSeconds,
  alarm: MakeAlarm,
): Alarm[] {
  const remedy = `Look at ${indexUrl} from outside: what is in front of the public listener has to give the index that the server has published. A lost index comes back with: enks job run publish-index`;
  return [alarm(code, { since: behindSince ?? now, detail: why, remedy })];
}

function judgeLines(tree: WatchedTree, index: readonly SeenLine[], alarm: MakeAlarm): Alarm[] {
  const lines = new Set(index.map(({ line }) => line));
  const known = new Set(tree.archives.map(({ line }) => plainLine(line)));
  const published = publishedArchives(tree).map(({ line }) => plainLine(line));
  const last = published.findLastIndex((line) => lines.has(line));
  const vanished = published.slice(0, Math.max(0, last)).filter((line) => !lines.has(line));
  const unknown = [...lines].filter((line) => !known.has(line));
  return [
    ...(vanished.length === 0
      ? []
      : [
          alarm("watch_lines_vanished", {
            detail: `${vanished.length} published ${vanished.length === 1 ? "line is" : "lines are"} missing in the index, the first of them ${vanished[0]}`,
            remedy: "Find what else writes the index; the server puts it right with: enks job run publish-index",
          }),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          alarm("watch_lines_unknown", {
            detail: `the index lists ${unknown.length} ${unknown.length === 1 ? "archive" : "archives"} that this server never published, the first of them ${unknown[0]}`,
            remedy: "Check that publicUrl leads to this server, and that nothing else writes the index.",
          }),
        ]),
  ];
}

function judgeArchives(tree: WatchedTree, index: readonly SeenLine[], alarm: MakeAlarm): Alarm[] {
  const byLine = new Map(tree.archives.map((archive) => [plainLine(archive.line), archive]));
  const listed = index.filter(({ line }) => byLine.get(line)?.deletedAt === null);
  const bad = listed.filter(({ code }) => code !== null);
  const missing = bad.filter(({ code }) => code === "watch_archive_missing");
  const unverified = bad.filter(({ code }) => code !== "watch_archive_missing");
  const replaced = listed.filter(
    ({ line, code, digest }) => code === null && digest !== null && digest !== byLine.get(line)?.digest,
  );
  const tell = (reason: WatchSuspicion, lines: readonly SeenLine[], what: string, remedy: string) => {
    const [first] = lines;
    if (first === undefined) return [];
    const since = Math.min(
      ...lines.map(({ failedSince, lookedAt }) => failedSince ?? lookedAt ?? Number.MAX_SAFE_INTEGER),
    );
    const detail = `${lines.length} listed ${lines.length === 1 ? "archive" : "archives"} ${what}, the first of them ${tree.basePrefix}${first.line}`;
    return [alarm(reason, { ...(since === Number.MAX_SAFE_INTEGER ? {} : { since }), detail, remedy })];
  };
  const bringBack =
    "Bring the objects back from a backup under their names, or from a cache that still has them; the server makes no archive again.";
  return [
    ...tell("watch_archive_missing", missing, "cannot be had", bringBack),
    ...tell(
      "watch_archive_unverified",
      unverified,
      `are refused by phones (${[...new Set(unverified.map(({ code }) => code))].join(", ")})`,
      `${bringBack} Where all are refused, the public key that phones know is another one: enks location show ${tree.location}`,
    ),
    ...tell("watch_archive_replaced", replaced, "verify and have other content than was published", bringBack),
  ];
}
