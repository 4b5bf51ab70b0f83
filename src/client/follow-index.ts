// Follows an index: hands over every archive once, verified, in the order of the index.

import { DEFAULT_LIMITS, type VerifiedArchive } from "../archive/archive-types.ts";
import { DEFAULT_LISTING_FORMAT, readLines } from "../archive/listing/listing-reader.ts";
import { resolveLine } from "../archive/listing/resolve-line.ts";
import { CodedError } from "../core/coded-error.ts";
import { downloadArchive, downloadIndex, isOutage } from "./download.ts";
import type { Followed, FollowerOptions, FollowMemory } from "./follower-types.ts";
import { forgetUnlisted, newLines } from "./remember-lines.ts";
import type { Verify } from "./verify-with.ts";

const MAX_INDEX_BYTES = 1024 * 1024;
const TIMEOUT_MILLISECONDS = 60_000;

/** What is new in the index compared with `memory`, one archive after the other as they are asked for. */
export async function* followIndex(
  options: FollowerOptions,
  memory: FollowMemory,
  verify: Verify,
): AsyncGenerator<Followed, void, void> {
  const { indexUrl, baseUrl, listingFormat = DEFAULT_LISTING_FORMAT, maxIndexBytes = MAX_INDEX_BYTES } = options;
  const { maxBytes } = { ...DEFAULT_LIMITS, ...options.archiveLimits };
  const { fetch: fetchGiven = fetch, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const connection = { fetch: fetchGiven, timeoutMilliseconds };
  const open = async (url: string) => verify(await downloadArchive(connection, url, maxBytes));

  const lines = readLines(listingFormat, await downloadIndex(connection, indexUrl, maxIndexBytes));
  const urls = new Map<string, string>();
  for (const resolved of lines.map((line) => resolveLine(baseUrl, line))) {
    if ("url" in resolved) urls.set(resolved.line, resolved.url);
    else yield { outcome: "refused", line: resolved.line, code: resolved.refused, message: "it leads to no archive" };
  }
  let done = forgetUnlisted([...urls.keys()], memory);
  for (const line of newLines([...urls.keys()], memory)) {
    const followed = await attempt(line, () => open(urls.get(line) ?? ""));
    if (followed.outcome === "refused") yield followed;
    else yield { ...followed, memory: (done = { lines: [...done.lines, line] }) };
  }
}

type Attempt =
  | { readonly outcome: "archive"; readonly line: string; readonly archive: VerifiedArchive }
  | Extract<Followed, { outcome: "refused" }>;

async function attempt(line: string, open: () => Promise<VerifiedArchive>): Promise<Attempt> {
  try {
    return { outcome: "archive", line, archive: await open() };
  } catch (error) {
    if (!(error instanceof CodedError) || isOutage(error)) throw error;
    return { outcome: "refused", line, code: error.code, message: error.message };
  }
}
