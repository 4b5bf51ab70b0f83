// The network of a double: one origin for all trees, and a CDN of two nodes between it and the phones.

import { type Clock, HOUR, type UnixSeconds } from "../../../core/clock.ts";
import type { DeviceFetch, DeviceResponse } from "../../../device/download.ts";
import type { BlobStore } from "../../../platform/blobs/blob-store.ts";
import { readCacheSeconds } from "../../observe/read-cache-seconds.ts";
import type { Has } from "./defect.ts";
import { T } from "./timeline.ts";

export const ORIGIN = "https://double.example/";
/** For so long a node serves an index even if its headers allow nothing. */
export const INDEX_CACHE_SECONDS = 60;
/** What a node with a defect does instead. */
const STALE_SECONDS = 12 * HOUR;
const FORBIDDEN: DeviceResponse = { status: 403, bytes: new Uint8Array(0) };

export interface DoubleNetwork {
  /** For the servers: notes how every object may be cached. */
  readonly blobs: BlobStore;
  /** How servers reach each other: past the caches. */
  readonly fetchFromOrigin: DeviceFetch;
  /** How phones reach the servers; `onIndex` hears which index was asked for. */
  fetchAsPhone(onIndex: (url: string) => void): DeviceFetch;
}

interface CachedIndex {
  readonly until: UnixSeconds;
  readonly response: DeviceResponse;
}

export function createDoubleNetwork(store: BlobStore, clock: Clock, has: Has): DoubleNetwork {
  const cacheSeconds = new Map<string, number>();
  const nodes = [new Map<string, CachedIndex>(), new Map<string, CachedIndex>()] as const;
  let requests = 0;

  const fetchFromOrigin: DeviceFetch = async (url) => {
    if (isDown()) return { status: 503, bytes: new Uint8Array(0) };
    const name = url.slice(ORIGIN.length);
    const blob = await store.get(name).catch(() => null);
    return blob === null ? { status: 404, bytes: new Uint8Array(0) } : { status: 200, bytes: blob.bytes };
  };

  function isDown(): boolean {
    const now = clock.now();
    return has("server-shuts-itself-down") && T.serverDown.from <= now && now < T.serverDown.until;
  }

  function isForbidden(): boolean {
    return has("archives-readable-by-owner-only") && clock.now() >= T.oddArchives;
  }

  async function fetchIndex(url: string): Promise<DeviceResponse> {
    const isStale = requests++ % 2 === 0;
    const node = nodes[isStale ? 0 : 1];
    const cached = node.get(url);
    if (cached !== undefined && clock.now() < cached.until) return cached.response;
    const response = await fetchFromOrigin(url);
    const least = isStale && has("stale-cache-node") ? STALE_SECONDS : INDEX_CACHE_SECONDS;
    const seconds = Math.max(least, cacheSeconds.get(url.slice(ORIGIN.length)) ?? 0);
    node.set(url, { until: clock.now() + seconds, response });
    return response;
  }

  return {
    blobs: {
      ...store,
      put: (name, bytes, options) => {
        cacheSeconds.set(name, readCacheSeconds(options.cacheControl));
        return store.put(name, bytes, options);
      },
    },
    fetchFromOrigin,
    fetchAsPhone: (onIndex) => (url) => {
      if (!url.endsWith(".txt")) return isForbidden() ? Promise.resolve(FORBIDDEN) : fetchFromOrigin(url);
      onIndex(url);
      return fetchIndex(url);
    },
  };
}
