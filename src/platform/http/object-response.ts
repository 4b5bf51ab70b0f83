// Which answer a request for a published object gets: the object, a part of it, or "you have it already" (RFC 9110, 13-14).

import type { IncomingHttpHeaders } from "node:http";
import type { BlobRange, BlobStat } from "../blobs/blob-store.ts";
import type { ObjectHeaders } from "../blobs/object-headers.ts";
import { parseByteRange } from "./byte-range.ts";

export interface ObjectResponse {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Which bytes of the object follow; null: none. */
  readonly range: BlobRange | null;
}

/** The answer to a GET; the one to a HEAD is the same without its body. */
export function planObjectResponse(
  request: IncomingHttpHeaders,
  stat: BlobStat,
  served: ObjectHeaders,
): ObjectResponse {
  const etag = `"${stat.tag}"`;
  const validators = { etag, "cache-control": served.cacheControl };
  if (matchesAny(request["if-none-match"], etag)) return { status: 304, headers: validators, range: null };

  const { byteCount } = stat;
  const headers = { ...validators, "content-type": served.contentType, "accept-ranges": "bytes" };
  const isSameAsBefore = request["if-range"] === undefined || request["if-range"] === etag;
  const range = isSameAsBefore ? parseByteRange(request.range, byteCount) : "whole";
  if (range === "whole") {
    return {
      status: 200,
      headers: { ...headers, "content-length": String(byteCount) },
      range: { start: 0, end: byteCount },
    };
  }
  if (range === "unsatisfiable") {
    const beyond = { "content-range": `bytes */${byteCount}`, "cache-control": "no-store", "content-length": "0" };
    return { status: 416, headers: beyond, range: null };
  }
  const { start, end } = range;
  const part = { "content-range": `bytes ${start}-${end - 1}/${byteCount}`, "content-length": String(end - start) };
  return { status: 206, headers: { ...headers, ...part }, range };
}

/** Whether an If-None-Match names `etag`; weak and strong are compared alike there. */
function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}
