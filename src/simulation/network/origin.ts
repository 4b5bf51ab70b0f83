// A server of the product as a host: its published objects and its public operations, without its listener.

import type { Clock } from "../../core/clock.ts";
import { isBlobName } from "../../platform/blobs/blob-name.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { headersOf } from "../../platform/blobs/object-headers.ts";
import { planObjectResponse } from "../../platform/http/object-response.ts";
import type { PublicRoute } from "../../platform/http/public-route.ts";
import type { Host, NetResponse } from "./network.ts";

export interface OriginParts {
  readonly blobs: Pick<BlobStore, "get">;
  readonly clock: Clock;
  /** Of the process that runs at the moment. */
  readonly routes: () => readonly PublicRoute[];
}

const CLIENT_ADDRESS = "192.0.2.1";

export function createOrigin({ blobs, clock, routes }: OriginParts): Host {
  return async ({ method, url, headers, body }) => {
    const path = new URL(url).pathname;
    const route = routes().find((one) => one.path === path);
    if (route !== undefined) {
      const asked = { method, headers, body, clientAddress: CLIENT_ADDRESS, now: clock.now() };
      const answer = await route.answer(asked).catch(() => route.refuse(503, "the server cannot answer at present"));
      return { status: answer.status, headers: answer.headers, bytes: Buffer.from(answer.body) };
    }
    const name = path.slice(1);
    const blob = isBlobName(name) ? await blobs.get(name).catch(() => "unavailable" as const) : null;
    if (blob === "unavailable") return refusal(503);
    if (blob === null) return refusal(404);
    const stat = { byteCount: blob.bytes.length, tag: blob.version };
    const { range, ...planned } = planObjectResponse(headers, stat, headersOf(name));
    return { ...planned, bytes: blob.bytes.subarray(range?.start ?? 0, range?.end ?? 0) };
  };
}

function refusal(status: number): NetResponse {
  return { status, headers: { "cache-control": "no-store" }, bytes: new Uint8Array(0) };
}
