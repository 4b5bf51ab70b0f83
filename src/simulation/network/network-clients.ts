// How each part of a world reaches the network: phones, the servers' fetcher, and `fetch` for uploads.

import type { DeviceFetch } from "../../device/download.ts";
import { fetchError } from "../../platform/http/fetch-error.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import { getRequest, type Host } from "./network.ts";

export function deviceFetchOver(send: Host): DeviceFetch {
  return async (url) => {
    const { status, bytes } = await send(getRequest(url));
    return { status, bytes };
  };
}

/** Sizes and statuses as the product's own fetcher judges them; no address is private here. */
export function fetcherOver(send: Host): Fetcher {
  return async ({ url, maxBytes, etag }) => {
    const condition = etag === undefined ? {} : { "if-none-match": etag };
    const response = await send(getRequest(url, condition)).catch((error: unknown) => {
      throw fetchError("fetch_failed", `${url}: ${String(error)}`, error);
    });
    if (response.status === 304) return { outcome: "not_modified" };
    if (response.status !== 200) return { outcome: "status", status: response.status };
    if (response.bytes.length > maxBytes) throw fetchError("fetch_too_large", `${url}: more than ${maxBytes} bytes`);
    const header = (name: string) => response.headers[name] ?? null;
    return {
      outcome: "ok",
      bytes: response.bytes,
      contentType: header("content-type"),
      etag: header("etag"),
      lastModified: header("last-modified"),
    };
  };
}

/** As much of `fetch` as the client library uses. */
export function fetchOver(send: Host): typeof fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init);
    const headers = Object.fromEntries(request.headers);
    const body = new Uint8Array(await request.arrayBuffer());
    const response = await send({ method: request.method, url: request.url, headers, body });
    const hasBody = response.status !== 204 && response.status !== 304;
    return new Response(hasBody ? new Uint8Array(response.bytes) : null, {
      status: response.status,
      headers: response.headers,
    });
  };
}
