// What time it is by the servers that this one reads from.

import type { UnixSeconds } from "../../core/clock.ts";
import type { ReadServerTime } from "../../platform/http/fetcher.ts";

export interface TimeSource {
  readonly url: string;
  readonly allowPrivateAddresses: boolean;
}

const TIMEOUT_MILLISECONDS = 5_000;
/** One for each host; more would tell no more. */
const MOST_HOSTS = 8;

/** The times of those that answer and tell one. A server that is itself in doubt tells none (`hide-date.ts`). */
export async function readUpstreamTimes(
  sources: readonly TimeSource[],
  readServerTime: ReadServerTime,
): Promise<UnixSeconds[]> {
  const byHost = new Map<string, TimeSource>();
  for (const source of sources) {
    if (URL.canParse(source.url)) byHost.getOrInsert(new URL(source.url).host, source);
  }
  const asked = [...byHost.values()].slice(0, MOST_HOSTS).map(async (source) => {
    try {
      return await readServerTime({ ...source, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
    } catch {
      return null;
    }
  });
  return (await Promise.all(asked)).filter((at) => at !== null);
}
