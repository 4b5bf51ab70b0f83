// The cursor follower: files have numeric ids, and one id is remembered (DB 1.5, covidgreen's own server type, Immuni).

import { CodedError } from "../core/coded-error.ts";
import { type Commit, type FetchedIndex, type Follower, joinUrl, type WantedFile } from "./follower.ts";

export interface CursorMemory {
  /** Of the newest file that was handed over; 0 for none. */
  readonly since: number;
}

export interface CursorEntry {
  readonly id: number;
  /** Appended to the base. */
  readonly name: string;
}

/** Reads the app's own form of index. Throws `index_unparsable`. */
export type ReadCursorIndex = (body: string) => readonly CursorEntry[];

export interface CursorOptions {
  readonly readIndex: ReadCursorIndex;
  readonly commit: Commit;
  /** A remembered id that is not listed: covidgreen's server answers from the beginning, Immuni counts on. */
  readonly unknownId: "from_the_beginning" | "ignored";
  /** Most files of a check, the oldest or the newest of those that wait. */
  readonly takes: { readonly from: "oldest" | "newest"; readonly files: number };
}

/** Ids are taken in rising order. Another server whose ids are lower than, or collide with, the remembered one loses files. */
export function createCursorFollower({ readIndex, commit, unknownId, takes }: CursorOptions): Follower<CursorMemory> {
  return {
    kind: "cursor",
    firstMemory: { since: 0 },
    plan(indexes, { since }) {
      const entries = indexes.flatMap((index) => entriesOf(index, readIndex)).sort((a, b) => a.id - b.id);
      const isKnown = unknownId === "ignored" || entries.some(({ id }) => id === since);
      const waiting = entries.filter(({ id }) => !isKnown || id > since);
      const selected = takes.from === "oldest" ? waiting.slice(0, takes.files) : waiting.slice(-takes.files);
      return {
        wanted: selected,
        partialDownload: "all_or_nothing",
        commit,
        remember: (arrived) => ({ since: selected.findLast(({ url }) => arrived.has(url))?.id ?? since }),
      };
    },
  };
}

function entriesOf({ baseUrl, body }: FetchedIndex, readIndex: ReadCursorIndex): (CursorEntry & WantedFile)[] {
  return readIndex(body).map(({ id, name }) => ({ id, name, url: joinUrl(baseUrl, name) }));
}

/** The second number of a file name, which rises from line to line (DB I10): an id where nothing else numbers the files. */
export const NAME_END = /(?:^|\/)\d{1,15}-(\d{1,15})[^/]*$/;

/** A text index whose lines carry their ids: the number that `pattern` captures first. */
export function readNumberedLines(pattern: RegExp): ReadCursorIndex {
  return (body) =>
    body
      .split(/\s+/)
      .filter((line) => line !== "")
      .map((name) => {
        const digits = pattern.exec(name)?.[1];
        if (digits === undefined) throw new CodedError("index_unparsable", `no id in the line ${JSON.stringify(name)}`);
        return { id: Number(digits), name };
      });
}
