// The fetcher on undici: nothing that a foreign server does can hold us up, fill our memory or lead us into our own network.

import { lookup } from "node:dns/promises";
import { Agent, type Dispatcher, request as send } from "undici";
import { createCheckedLookup, type Resolve } from "./checked-lookup.ts";
import { parseFetchUrl, shownUrl } from "./checked-url.ts";
import { fetchError, translateFetchError } from "./fetch-error.ts";
import type { Fetcher, FetchRequest, FetchResult, ReadServerTime } from "./fetcher.ts";
import { discardBody, readResponseBody } from "./read-response-body.ts";
import { headerOf } from "./response-header.ts";
import { servedAt } from "./served-at.ts";

const MAX_REDIRECTS = 5;
const MAX_HEADER_BYTES = 16 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What an exchange of either kind needs to know. */
type Asked = Pick<FetchRequest, "url" | "timeoutMilliseconds" | "allowPrivateAddresses" | "signal">;

interface Exchange {
  readonly method: "GET" | "HEAD";
  readonly dispatcher: Dispatcher;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

export interface FetcherOptions {
  /** How names become addresses; the system's way by default. */
  readonly resolve?: Resolve;
  /** Sent as User-Agent. */
  readonly userAgent?: string;
}

/** A Fetcher, and what reads times, with connections of its own, which `close` ends at once. */
export function createFetcher(
  options: FetcherOptions = {},
): Fetcher & { readonly readServerTime: ReadServerTime; close(): Promise<void> } {
  const resolve = options.resolve ?? ((hostname: string) => lookup(hostname, { all: true }));
  // Two pools, so that a connection to a private address is never used for a request that may not have one.
  const [publicOnly, anywhere] = [createAgent(resolve, false), createAgent(resolve, true)];

  const userAgent = options.userAgent ?? "enks";
  const agentFor = ({ allowPrivateAddresses }: Asked) => (allowPrivateAddresses ? anywhere : publicOnly);

  const fetch: Fetcher = (request) => {
    const exchange = {
      method: "GET",
      dispatcher: agentFor(request),
      headers: requestHeaders(request, userAgent),
    } as const;
    return exchangeBounded(request, exchange, (response, url) => toResult(response, url, request));
  };
  // A cache would answer with the time at which it got its copy.
  const timeHeaders = { "user-agent": userAgent, "cache-control": "no-cache" };
  const readServerTime: ReadServerTime = (request) => {
    const exchange = { method: "HEAD", dispatcher: agentFor(request), headers: timeHeaders } as const;
    return exchangeBounded(request, exchange, async (response) => {
      discardBody(response);
      return servedAt(response.headers);
    });
  };
  return Object.assign(fetch, {
    readServerTime,
    close: async () => {
      await Promise.all([publicOnly.destroy(), anywhere.destroy()]);
    },
  });
}

function createAgent(resolve: Resolve, allowPrivateAddresses: boolean): Agent {
  return new Agent({
    connect: { lookup: createCheckedLookup(resolve, allowPrivateAddresses) },
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
    // Off, since each exchange as a whole has its own limit.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function requestHeaders(request: FetchRequest, userAgent: string): Record<string, string> {
  return {
    "user-agent": userAgent,
    "accept-encoding": "identity",
    ...(request.etag === undefined ? {} : { "if-none-match": request.etag }),
    ...(request.lastModified === undefined ? {} : { "if-modified-since": request.lastModified }),
  };
}

type ReadResponse<Answer> = (response: Dispatcher.ResponseData, url: URL) => Promise<Answer>;

async function exchangeBounded<Answer>(
  request: Asked,
  exchange: Omit<Exchange, "signal">,
  read: ReadResponse<Answer>,
): Promise<Answer> {
  request.signal?.throwIfAborted();
  const ending = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    // Both, because undici looks at the signal only once it is connected.
    ending.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => end(timeoutOf(request)), request.timeoutMilliseconds);
  const abort = () => end(request.signal?.reason);
  request.signal?.addEventListener("abort", abort);
  try {
    return await Promise.race([followRedirects(request, { ...exchange, signal: ending.signal }, read), ended]);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", abort);
  }
}

function timeoutOf({ url, timeoutMilliseconds }: Asked): Error {
  return fetchError("fetch_timeout", `${shownUrl(url)} took longer than ${timeoutMilliseconds} ms.`);
}

async function followRedirects<Answer>(
  request: Asked,
  exchange: Exchange,
  read: ReadResponse<Answer>,
): Promise<Answer> {
  let url = parseFetchUrl(request.url, request.allowPrivateAddresses);
  for (let redirects = 0; ; redirects++) {
    const response = await sendOnce(url, exchange);
    const target = headerOf(response.headers, "location");
    if (!REDIRECTS.has(response.statusCode) || target === null) return read(response, url);
    discardBody(response);
    if (redirects === MAX_REDIRECTS) {
      throw fetchError(
        "fetch_too_many_redirects",
        `${shownUrl(request.url)} redirects more than ${MAX_REDIRECTS} times.`,
      );
    }
    url = parseFetchUrl(target, request.allowPrivateAddresses, url);
  }
}

async function sendOnce(url: URL, exchange: Exchange): Promise<Dispatcher.ResponseData> {
  try {
    return await send(url, exchange);
  } catch (error) {
    throw translateFetchError(error, shownUrl(url.href), "fetch_failed");
  }
}

async function toResult(response: Dispatcher.ResponseData, url: URL, request: FetchRequest): Promise<FetchResult> {
  const { statusCode: status, headers } = response;
  if (status !== 200) {
    discardBody(response);
    const wasConditional = request.etag !== undefined || request.lastModified !== undefined;
    return status === 304 && wasConditional ? { outcome: "not_modified" } : { outcome: "status", status };
  }
  return {
    outcome: "ok",
    bytes: await readResponseBody(response, shownUrl(url.href), request.maxBytes),
    contentType: headerOf(headers, "content-type"),
    etag: headerOf(headers, "etag"),
    lastModified: headerOf(headers, "last-modified"),
  };
}
