// Fetching the archives of a mirror's server, one ahead of the one that is published.

import type { VerifiedArchive } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { fetchArchive } from "../upstreams/fetch-archive.ts";
import { openFollowed } from "../upstreams/open-followed.ts";
import { readTrustedKeys } from "../upstreams/trusted-keys.ts";
import type { Mirror, MirrorDeps } from "./mirror-types.ts";

export interface SourceArchive {
  readonly archive: VerifiedArchive;
  /** null where they are not handed over, so that nobody holds them. */
  readonly bytes: Uint8Array | null;
}

/** While a larger archive is handed over, memory has no room for the next one. */
const KEYS_BESIDE_OTHERS = 200_000;

/** One archive, verified; throws the codes of fetcher, upstream and archive. */
async function fetchSourceArchive(
  deps: MirrorDeps,
  mirror: Mirror,
  line: string,
  now: UnixSeconds,
): Promise<SourceArchive> {
  const fetched = await fetchArchive(deps, mirror, line);
  // After the fetch, which may take minutes: an operator may have added the key meanwhile.
  const trustedKeys = await readTrustedKeys(deps, deps.database.db, mirror.upstreamId);
  return {
    bytes: mirror.method === "copy" ? fetched.bytes : null,
    archive: await openFollowed(deps, mirror, trustedKeys, fetched, now),
  };
}

/**
 * `lines` one after the other, in their order; while a small one is handed over, the next is fetched. What goes wrong with
 * one is thrown when its turn comes.
 */
export function fetchingAhead(
  deps: MirrorDeps,
  mirror: Mirror,
  lines: readonly string[],
  now: UnixSeconds,
): { next(): Promise<SourceArchive> } {
  let next = 0;
  const begin = () => {
    const line = lines[next++];
    const fetching = line === undefined ? null : fetchSourceArchive(deps, mirror, line, now);
    // Its turn may never come.
    fetching?.catch(() => undefined);
    return fetching;
  };
  let ahead = begin();
  return {
    async next() {
      const source = await (ahead ?? begin());
      if (source === null) throw new RangeError("all lines were fetched");
      const { primaries, revised } = source.archive;
      ahead = primaries.length + revised.length > KEYS_BESIDE_OTHERS ? null : begin();
      return source;
    },
  };
}
