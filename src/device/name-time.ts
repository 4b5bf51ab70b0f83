// The name-time followers: windows are read from file names, one instant is remembered (DB 1.4, covidgreen plug-in).

import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { type FetchedIndex, type Follower, joinUrl, type WantedFile } from "./follower.ts";

export interface NameTimeMemory {
  /** Only files whose name starts at or after this instant are ever fetched. */
  readonly since: UnixSeconds;
}

interface TimedFile extends WantedFile {
  readonly end: number;
}

/** Reads the entries whose name-start is not below `since`. */
type ReadNames = (index: FetchedIndex, since: UnixSeconds) => TimedFile[];

/** Android: a failed file is skipped, and `since` moves to the largest end of those that came. */
export function createNameTimeAndroid(maxFiles = 12): Follower<NameTimeMemory> {
  return createNameTime("name_time_android", maxFiles, readNamesAndroid, (selected, arrived) =>
    selected.filter((file) => arrived.has(file.url)),
  );
}

/** iOS: one usable file is enough for `since` to move to the largest end of all that were selected. */
export function createNameTimeIos(maxFiles = 6): Follower<NameTimeMemory> {
  return createNameTime("name_time_ios", maxFiles, readNamesIos, (selected, arrived) =>
    arrived.size > 0 ? selected : [],
  );
}

function createNameTime(
  kind: string,
  maxFiles: number,
  readNames: ReadNames,
  settled: (selected: readonly TimedFile[], arrived: ReadonlySet<string>) => readonly TimedFile[],
): Follower<NameTimeMemory> {
  return {
    kind,
    firstMemory: { since: 0 },
    plan(indexes, { since }) {
      const kept = indexes.flatMap((index) => readNames(index, since));
      // A new installation never sees more than the last N files.
      const selected = since <= 0 ? kept.slice(-maxFiles) : kept.slice(0, maxFiles);
      return {
        wanted: selected,
        partialDownload: "tolerate_and_lose",
        commit: "after_accepted",
        remember: (arrived) => ({ since: Math.max(since, ...settled(selected, arrived).map((file) => file.end)) }),
      };
    },
  };
}

/** Splits on LF only and parses every piece: one blank line or foreign name ends the check. */
function readNamesAndroid(index: FetchedIndex, since: UnixSeconds): TimedFile[] {
  const kept: TimedFile[] = [];
  for (const name of index.body.split("\n")) {
    const [startText, endText] = baseNameOf(name).split("-");
    if (startText === undefined || endText === undefined) throw unparsable(name);
    const start = parseWhole(startText) ?? fail(name);
    if (start < since) continue;
    kept.push({ name, url: joinUrl(index.baseUrl, name), end: parseWhole(endText) ?? fail(name) });
  }
  return kept;
}

/** Drops empty pieces; CR+LF is one character in Swift and does not split; a start that is not a number counts as 0. */
function readNamesIos(index: FetchedIndex, since: UnixSeconds): TimedFile[] {
  const kept: TimedFile[] = [];
  for (const name of index.body.split(/(?<!\r)\n/).filter((piece) => piece !== "")) {
    const [startText = "", endText] = baseNameOf(name).split("-");
    if ((parseWhole(startText) ?? 0) < since) continue;
    if (endText === undefined) throw unparsable(name);
    kept.push({ name, url: joinUrl(index.baseUrl, name), end: parseWhole(endText) ?? 0 });
  }
  return kept;
}

function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

function parseWhole(text: string): number | undefined {
  return /^[+-]?[0-9]{1,18}$/.test(text) ? Number(text) : undefined;
}

function fail(name: string): never {
  throw unparsable(name);
}

function unparsable(name: string): CodedError<"index_unparsable"> {
  return new CodedError("index_unparsable", `the app's parser fails on the line ${JSON.stringify(name)}`);
}
