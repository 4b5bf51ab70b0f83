// How often one client may come: a bucket of tokens for each address, in bounded memory.

export interface RateLimiter {
  /** Whether the client may come now, which then counts. `atMilliseconds` is of any clock that only goes forward. */
  admits(clientAddress: string, atMilliseconds: number): boolean;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Beyond them who was away longest is forgotten. */
export const MAX_CLIENTS = 100_000;
const MINUTE_MILLISECONDS = 60_000;

/** 0 a minute: no limit. A whole minute's requests may come at once. */
export function createRateLimiter(requestsPerMinute: number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    admits(clientAddress, at) {
      if (requestsPerMinute === 0) return true;
      const client = networkOf(clientAddress);
      const bucket = buckets.get(client) ?? { tokens: requestsPerMinute, filledAt: at };
      const refilled = ((at - bucket.filledAt) / MINUTE_MILLISECONDS) * requestsPerMinute;
      bucket.tokens = Math.min(requestsPerMinute, bucket.tokens + Math.max(refilled, 0));
      bucket.filledAt = at;
      // Behind all others again; so the first in the map is who was away longest, and goes first.
      buckets.delete(client);
      buckets.set(client, bucket);
      const [longestAway] = buckets.keys();
      if (buckets.size > MAX_CLIENTS && longestAway !== undefined) buckets.delete(longestAway);
      return take(bucket);
    },
  };
}

function take(bucket: Bucket): boolean {
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}

/** A household's IPv6 addresses are the 2^64 of one network. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: Math.max(zeros, 0) }, () => "0"), ...after].slice(0, 4).join(":");
}
