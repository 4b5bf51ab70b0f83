// The last-seen follower: continue behind the file that was provided last (DB 1.2, the Android reference app).

import { type Commit, type FetchedIndex, type Follower, joinUrl, type WantedFile } from "./follower.ts";

/** Index URL -> URL of the last file that was provided with success. */
export type LastSeenMemory = Readonly<Record<string, string>>;

export const lastSeenFollower = createLastSeenFollower("after_accepted");

/** With `after_each_call` it goes on behind the last file of which the call succeeded, as old systems need (DB 2.5). */
export function createLastSeenFollower(commit: Commit): Follower<LastSeenMemory> {
  return {
    kind: "last_seen",
    firstMemory: {},
    plan(indexes, memory) {
      const kept = indexes.map((index) => keepUnseen(index, memory[index.indexUrl]));
      return {
        wanted: kept.flat(),
        partialDownload: "all_or_nothing",
        commit,
        remember: (arrived) => rememberLast(indexes, kept, memory, arrived),
      };
    },
  };
}

/** Everything behind the first occurrence of the remembered file; everything when it is not listed any more. */
function keepUnseen(index: FetchedIndex, remembered: string | undefined): WantedFile[] {
  const names = index.body.split(/\s+/).filter((name) => name !== "");
  const files = names.map((name) => ({ name, url: joinUrl(index.baseUrl, name) }));
  return files.slice(files.findIndex((file) => file.url === remembered) + 1);
}

function rememberLast(
  indexes: readonly FetchedIndex[],
  kept: readonly (readonly WantedFile[])[],
  memory: LastSeenMemory,
  arrived: ReadonlySet<string>,
): LastSeenMemory {
  const after: Record<string, string> = { ...memory };
  for (const [position, index] of indexes.entries()) {
    const last = kept[position]?.findLast(({ url }) => arrived.has(url));
    if (last !== undefined) after[index.indexUrl] = last.url;
  }
  return after;
}
