// Requests that fail, hang, are cut short, or meet something else than what was asked for, as planned.

import type { DeviceFetch } from "../../device/download.ts";
import { fetchError } from "../../platform/http/fetch-error.ts";
import type { Fetcher, FetchRequest, FetchResult } from "../../platform/http/fetcher.ts";
import type { EffectFaultKind, Operation } from "./fault.ts";
import type { Meet } from "./faulty-blobs.ts";
import type { ProcessLife } from "./process-life.ts";

const PAGE = new TextEncoder().encode("<!DOCTYPE html><html><body>Please sign in to use this network</body></html>\n");
const NOTHING = new Uint8Array(0);

/** The fetcher of one process. What it got before is what an old index is made of. */
export function faultyFetcher(inner: Fetcher, meet: Meet, life: ProcessLife): Fetcher {
  const firstBodies = new Map<string, FetchResult>();
  return async (request) => {
    life.require();
    const operation = operationOf(request);
    const fault = meet(operation);
    if (fault !== null) return struckAnswer(fault, request, firstBodies.get(request.url));
    const result = await inner(request);
    life.require();
    if (operation === "fetch-index" && result.outcome === "ok" && !firstBodies.has(request.url)) {
      firstBodies.set(request.url, result);
    }
    return result;
  };
}

function operationOf({ url }: FetchRequest): Operation {
  if (url.endsWith(".zip")) return "fetch-archive";
  return url.endsWith(".txt") ? "fetch-index" : "fetch-certificate-keys";
}

function page(bytes: Uint8Array, contentType: string): FetchResult {
  return { outcome: "ok", bytes, contentType, etag: null, lastModified: null };
}

function struckAnswer(fault: EffectFaultKind, { url }: FetchRequest, first: FetchResult | undefined): FetchResult {
  if (fault === "request-hangs") throw fetchError("fetch_timeout", `${url}: no answer came`);
  if (fault === "cut-short") throw fetchError("fetch_cut_short", `${url}: the answer ended early`);
  if (fault === "html-page") return page(PAGE, "text/html");
  if (fault === "empty-index") return page(NOTHING, "text/plain");
  if (fault === "old-index" && first !== undefined) return first;
  throw fetchError("fetch_failed", `${url}: the network is unreachable`);
}

/** The network of phones. `onStruck` hears when a fault of the network spoils what a phone sees. */
export function faultyDeviceFetch(inner: DeviceFetch, meet: Meet, onStruck: () => void): DeviceFetch {
  return async (url) => {
    const fault = meet(url.endsWith(".zip") ? "phone-archive" : "phone-index");
    if (fault === null) return inner(url);
    onStruck();
    if (fault === "html-page") return { status: 200, bytes: PAGE };
    throw new TypeError("the network is unreachable");
  };
}

/** The network of uploads, behind which everything else of a phone's way to its health authority is good. */
export function faultyUploads(inner: typeof fetch, meet: Meet): typeof fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init);
    if (!request.url.endsWith("/v1/publish")) return inner(request);
    const fault = meet("upload");
    if (fault === "request-fails") throw new TypeError("the network is unreachable");
    if (fault === "html-page") return new Response(PAGE, { status: 503, headers: { "retry-after": "60" } });
    const answer = await inner(request);
    if (fault === "answer-lost") await answer.bytes();
    if (fault !== null) throw new TypeError("the connection was closed");
    return answer;
  };
}
