// A client of the admin API that believes nothing: every answer has to fit the OpenAPI document that the server serves.

import { type CheckAnswer, loadAnswerCheck } from "./check-answer.ts";

export interface AdminAnswer<Body> {
  readonly status: number;
  /** The revision's tag, as If-Match takes it; null where the answer has none. */
  readonly etag: string | null;
  readonly headers: Headers;
  readonly body: Body;
}

export interface RequestOptions {
  readonly ifMatch?: string | null;
  /** Instead of the client's own; null: none. */
  readonly token?: string | null;
}

/** What a refusal looks like. */
export interface RefusalBody {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly requestId: string;
}

/**
 * Paths begin with a slash: `get("/v1/exports?limit=2")`. Every call throws where status, headers or body of the answer,
 * refusals included, are not what the document says of that operation. `Body` is what the caller takes the body for.
 */
export interface AdminClient {
  readonly url: string;
  readonly token: string;
  get<Body = unknown>(path: string, options?: RequestOptions): Promise<AdminAnswer<Body>>;
  post<Body = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<AdminAnswer<Body>>;
  patch<Body = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<AdminAnswer<Body>>;
  delete<Body = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<AdminAnswer<Body>>;
}

/** `url` without a slash at the end. The document is fetched once, here. */
export async function createAdminClient(url: string, token: string): Promise<AdminClient> {
  const check = await loadAnswerCheck(url);
  const ask = <Body>(method: string, path: string, body: unknown, options: RequestOptions = {}) =>
    askOnce<Body>(check, url, { method, path, body, token, ...options });
  return {
    url,
    token,
    get: (path, options) => ask("GET", path, undefined, options),
    post: (path, body, options) => ask("POST", path, body, options),
    patch: (path, body, options) => ask("PATCH", path, body, options),
    delete: (path, body, options) => ask("DELETE", path, body, options),
  };
}

interface Question extends RequestOptions {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function askOnce<Body>(check: CheckAnswer, url: string, question: Question): Promise<AdminAnswer<Body>> {
  const { method, path, body, token, ifMatch } = question;
  const headers = new Headers();
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  if (ifMatch !== undefined && ifMatch !== null) headers.set("if-match", ifMatch);
  if (body !== undefined) headers.set("content-type", "application/json");
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answered = check(method, path, response, await response.text());
  const etag = response.headers.get("etag");
  return { status: response.status, etag, headers: response.headers, body: answered as Body };
}
