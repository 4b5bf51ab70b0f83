// A small CDN in front of a host: nodes that keep what they fetched, each for itself.

import type { Clock, UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { Host, NetRequest, NetResponse } from "./network.ts";

export interface CdnOptions {
  readonly origin: Host;
  readonly clock: Clock;
  /** Decides which node a request reaches. */
  readonly random: Random;
  readonly nodes: number;
  /** How long a node serves what it may not keep according to its headers, such as an index, all the same. */
  readonly minTtlSeconds: number;
}

export interface Cdn {
  readonly host: Host;
  /** Requests that a node answered by itself, and those that reached the origin. */
  readonly counts: { hits: number; misses: number };
}

interface Kept {
  readonly response: NetResponse;
  readonly until: UnixSeconds;
}

/** GET of a 200 is kept, for `max-age` or the least time; everything else passes. */
export function createCdn({ origin, clock, random, nodes, minTtlSeconds }: CdnOptions): Cdn {
  const caches = Array.from({ length: nodes }, () => new Map<string, Kept>());
  const counts = { hits: 0, misses: 0 };

  async function answer(cache: Map<string, Kept>, request: NetRequest): Promise<NetResponse> {
    const kept = cache.get(request.url);
    if (kept !== undefined && clock.now() < kept.until) {
      counts.hits++;
      return conditionally(request, kept.response);
    }
    counts.misses++;
    const response = await origin({ ...request, headers: withoutConditions(request.headers) });
    if (response.status !== 200) return response;
    const until = clock.now() + Math.max(minTtlSeconds, maxAgeOf(response));
    if (until > clock.now()) cache.set(request.url, { response, until });
    return conditionally(request, response);
  }

  return {
    counts,
    host: (request) => {
      const cache = caches[random.integer(nodes - 1)];
      return cache === undefined || request.method !== "GET" ? origin(request) : answer(cache, request);
    },
  };
}

function maxAgeOf({ headers }: NetResponse): number {
  const control = headers["cache-control"] ?? "";
  if (/no-cache|no-store/.test(control)) return 0;
  return Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0);
}

function withoutConditions(headers: NetRequest["headers"]): NetRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "if-none-match"));
}

function conditionally({ headers }: NetRequest, response: NetResponse): NetResponse {
  const etag = response.headers["etag"];
  if (etag === undefined || headers["if-none-match"] !== etag) return response;
  return { status: 304, headers: response.headers, bytes: new Uint8Array(0) };
}
