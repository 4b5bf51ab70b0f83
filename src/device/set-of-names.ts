// The set follower: fetch every listed URL that is not known yet, retain the new set (DB 1.3).

import {
  type Commit,
  type FetchedIndex,
  type Follower,
  type FollowPlan,
  joinUrl,
  type PartialDownload,
  type PhoneLocation,
  type WantedFile,
} from "./follower.ts";

export interface SetMemory {
  /** Identities, over all indexes. */
  readonly known: readonly string[];
  /** The app never checked, and its first check will only note what is listed. */
  readonly isNew?: boolean;
}

export interface SetOptions extends Pick<FollowPlan<SetMemory>, "forgetsWhenRefused"> {
  /** The guide does not say when the set is committed: after the system accepted is safe, after the download is not. */
  readonly commit: Commit;
  readonly partialDownload: PartialDownload;
  /** How a file is known again: by its absolute URL if not given. */
  readonly identify?: (file: WantedFile, index: PhoneLocation) => string;
  /** The first check takes everything listed for processed and fetches nothing (DB 1.3, NL). */
  readonly skipsHistory?: boolean;
}

/** The identity of apps that follow ids: the line, wherever it is served from (DB 1.3, NL). */
export const byLine: NonNullable<SetOptions["identify"]> = (file) => file.name;
/** Another address of the index makes everything new (DB 8, iOS Express). */
export const byIndexAndUrl: NonNullable<SetOptions["identify"]> = (file, index) => `${index.indexUrl} ${file.url}`;

export function createSetFollower(options: SetOptions): Follower<SetMemory> {
  const { partialDownload, identify = (file) => file.url, skipsHistory = false, ...how } = options;
  const keepsFailed = partialDownload === "tolerate_and_lose";
  return {
    kind: "set_of_names",
    firstMemory: skipsHistory ? { known: [], isNew: true } : { known: [] },
    plan(indexes, memory) {
      const listed = filesOf(indexes, identify);
      const known = new Set(memory.isNew === true ? listed.keys() : memory.known);
      return {
        ...how,
        partialDownload,
        wanted: [...listed].filter(([identity]) => !known.has(identity)).map(([, file]) => file),
        // "Retain the new set", literally: what is not listed now is forgotten, all of it with an empty body (DB 1.6).
        remember: (arrived) => ({
          known: [...listed]
            .filter(([identity, { url }]) => keepsFailed || known.has(identity) || arrived.has(url))
            .map(([identity]) => identity),
        }),
      };
    },
  };
}

/** By identity; a doubled line stands at its first place. */
function filesOf(
  indexes: readonly FetchedIndex[],
  identify: NonNullable<SetOptions["identify"]>,
): Map<string, WantedFile> {
  const listed = new Map<string, WantedFile>();
  for (const index of indexes) {
    for (const name of linesOf(index.body)) {
      const file = { name, url: joinUrl(index.baseUrl, name) };
      listed.set(identify(file, index), file);
    }
  }
  return listed;
}

function linesOf(body: string): string[] {
  return body
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
