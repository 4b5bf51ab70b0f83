// Which answer a request for a published object gets: the object, a part of it, or "you have it already" (RFC 9110, 13-14).

import type { IncomingHttpHeaders } from "node:http";
import type { Blob } from "../blobs/blob-store.ts";
import type { ObjectHeaders } from "../blobs/object-headers.ts";
import { parseByteRange } from "./byte-range.ts";

export interface ObjectResponse {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** The answer to a GET; the one to a HEAD is the same without its body. */
export function planObjectResponse(request: IncomingHttpHeaders, blob: Blob, served: ObjectHeaders): ObjectResponse {
  const etag = `"${blob.version}"`;
  const validators = { etag, "cache-control": served.cacheControl };
  if (matchesAny(request["if-none-match"], etag)) return { status: 304, headers: validators, body: null };

  const { bytes } = blob;
  const headers = { ...validators, "content-type": served.contentType, "accept-ranges": "bytes" };
  const isSameAsBefore = request["if-range"] === undefined || request["if-range"] === etag;
  const range = isSameAsBefore ? parseByteRange(request.range, bytes.length) : "whole";
  if (range === "whole") return { status: 200, headers, body: bytes };
  if (range === "unsatisfiable") {
    return {
      status: 416,
      headers: { "content-range": `bytes */${bytes.length}`, "cache-control": "no-store" },
      body: null,
    };
  }
  const contentRange = `bytes ${range.start}-${range.end - 1}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...headers, "content-range": contentRange },
    body: bytes.subarray(range.start, range.end),
  };
}

/** Whether an If-None-Match names `etag`; weak and strong are compared alike there. */
function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}
