// The set follower: fetch every listed URL that is not known yet, retain the new set (DB 1.3).

import { type Follower, type FollowPlan, joinUrl, type PartialDownload, type WantedFile } from "./follower.ts";

export interface SetMemory {
  /** Absolute URLs, over all indexes. */
  readonly known: readonly string[];
}

export interface SetOptions {
  /** The guide does not say when the set is committed: after the system accepted is safe, after the download is not. */
  readonly commit: FollowPlan<SetMemory>["commit"];
  readonly partialDownload: PartialDownload;
}

export function createSetFollower(options: SetOptions): Follower<SetMemory> {
  return {
    kind: "set_of_names",
    firstMemory: { known: [] },
    plan(indexes, memory) {
      const known = new Set(memory.known);
      const listed = new Map<string, WantedFile>();
      for (const { baseUrl, body } of indexes) {
        for (const name of linesOf(body)) listed.set(joinUrl(baseUrl, name), { name, url: joinUrl(baseUrl, name) });
      }
      const keepsFailed = options.partialDownload === "tolerate_and_lose";
      return {
        ...options,
        wanted: [...listed.values()].filter((file) => !known.has(file.url)),
        // "Retain the new set", literally: what is not listed now is forgotten, all of it with an empty body (DB 1.6).
        remember: (arrived) => ({
          known: [...listed.keys()].filter((url) => keepsFailed || known.has(url) || arrived.has(url)),
        }),
      };
    },
  };
}

function linesOf(body: string): string[] {
  return body
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
