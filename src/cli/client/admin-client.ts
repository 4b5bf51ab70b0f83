// Asks the admin API of a server; whatever goes wrong becomes one coded error.

import type { UnixSeconds } from "../../core/clock.ts";
import type { CodedError } from "../../core/coded-error.ts";
import { clientError } from "./client-error.ts";
import { refusalFrom } from "./read-refusal.ts";

export interface ServerAccess {
  /** Without a slash at the end. */
  readonly server: string;
  readonly token: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Tagged<Answer> {
  readonly answer: Answer;
  /** The revision, for If-Match; null where the answer has none. */
  readonly tag: string | null;
}

export interface ChangeOptions {
  /** Only if nobody has changed it since it was read. */
  readonly ifMatch?: string | null;
  /** Instead of the client's own. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Every call throws the server's refusal under its own code, `server_unreachable`, and `answer_unusable` for what no
 * admin API would say. `Answer` is what the API's schemas say of the path.
 */
export interface AdminClient {
  /** The server's clock at its last answer, which every instant of the answer is one of; null before the first. */
  serverNow(): UnixSeconds | null;
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  read<Answer>(path: string): Promise<Tagged<Answer>>;
  /** All pages of a list, or as many items as `limit` says. */
  list<Item>(path: string, query?: Query, limit?: number): Promise<Item[]>;
  post<Answer>(path: string, body?: object, options?: ChangeOptions): Promise<Answer>;
  patch<Answer>(path: string, body: object, options?: ChangeOptions): Promise<Answer>;
  /** What a change at this path would do, with the revision for which that holds. */
  preview<Answer>(
    path: string,
    body: object,
    options?: Pick<ChangeOptions, "timeoutMilliseconds">,
  ): Promise<Tagged<Answer>>;
  /** Answers what was there. */
  delete<Answer>(path: string): Promise<Answer>;
  /** As `post` and `patch`, with the revision that the change has made. */
  change<Answer>(
    method: "POST" | "PATCH",
    path: string,
    body: object,
    options?: ChangeOptions,
  ): Promise<Tagged<Answer>>;
}

export interface ClientOptions extends ServerAccess {
  /** Throws where this server was not chosen for changes; called before every request that is one. */
  readonly requireChosen: () => void;
  readonly fetch: typeof fetch;
  readonly timeoutMilliseconds: number;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const LARGEST_PAGE = 1_000;

export function createAdminClient(options: ClientOptions): AdminClient {
  let serverNow: UnixSeconds | null = null;
  const ask = async <Answer>(given: ClientOptions, question: Question): Promise<Tagged<Answer>> => {
    if (isChanging(question)) given.requireChosen();
    const { response, text } = await exchange(given, question);
    serverNow = instantOf(response) ?? serverNow;
    return answerFrom<Answer>(given, response, text);
  };
  const get = async <Answer>(path: string, query: Query = {}) =>
    (await ask<Answer>(options, { method: "GET", path: path + textOfQuery(query) })).answer;
  const change = <Answer>(method: "POST" | "PATCH", path: string, body: object, more: ChangeOptions = {}) => {
    const { timeoutMilliseconds = options.timeoutMilliseconds, ifMatch = null } = more;
    return ask<Answer>({ ...options, timeoutMilliseconds }, { method, path, body, ifMatch });
  };
  return {
    serverNow: () => serverNow,
    get,
    read: (path) => ask(options, { method: "GET", path }),
    change,
    preview: (path, body, { timeoutMilliseconds = options.timeoutMilliseconds } = {}) =>
      ask({ ...options, timeoutMilliseconds }, { method: "POST", path: `${path}/preview`, body, isPreview: true }),
    post: async <Answer>(path: string, body: object = {}, more?: ChangeOptions) =>
      (await change<Answer>("POST", path, body, more)).answer,
    patch: async <Answer>(path: string, body: object, more?: ChangeOptions) =>
      (await change<Answer>("PATCH", path, body, more)).answer,
    delete: async <Answer>(path: string) => (await ask<Answer>(options, { method: "DELETE", path })).answer,
    async list<Item>(path: string, query: Query = {}, limit = Number.POSITIVE_INFINITY) {
      const found: Item[] = [];
      let after: string | undefined;
      do {
        const size = Math.min(LARGEST_PAGE, limit - found.length);
        const page: Page<Item> = await get(path, { ...query, limit: size, after });
        found.push(...page.items);
        after = page.next ?? undefined;
      } while (after !== undefined && found.length < limit);
      return found;
    },
  };
}

interface Question {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly ifMatch?: string | null;
  readonly isPreview?: true;
}

function isChanging({ method, isPreview }: Question): boolean {
  return method !== "GET" && isPreview !== true;
}

function answerFrom<Answer>(options: ClientOptions, response: Response, text: string): Tagged<Answer> {
  const body = parseJson(text);
  if (response.ok && body !== undefined) return { answer: body as Answer, tag: response.headers.get("etag") };
  const refusal = refusalFrom(body);
  if (refusal !== null && !response.ok) throw refusal;
  throw clientError("answer_unusable", `${options.server} answers ${response.status}, and not as an admin API does`, {
    remedy: "Check that the URL is that of the admin listener, and not of the public one or of a proxy.",
  });
}

function instantOf({ headers }: Response): UnixSeconds | null {
  const milliseconds = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1_000);
}

async function exchange(
  { server, token, fetch, timeoutMilliseconds }: ClientOptions,
  question: Question,
): Promise<{ response: Response; text: string }> {
  const { method, path, body, ifMatch } = question;
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (ifMatch !== undefined && ifMatch !== null) headers["if-match"] = ifMatch;
  try {
    const response = await fetch(server + path, {
      method,
      headers,
      // The token is for this server and no other one.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { response, text: await response.text() };
  } catch (cause) {
    throw unreachable(server, cause, isChanging(question), timeoutMilliseconds);
  }
}

function unreachable(server: string, cause: unknown, isChange: boolean, timeoutMilliseconds: number): CodedError {
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return clientError("server_unreachable", `${server} did not answer within ${timeoutMilliseconds / 1_000} s`, {
      cause,
      remedy: isChange
        ? "It may have made the change all the same: look before you try again."
        : "Try again, or give it more time with --timeout.",
    });
  }
  return clientError("server_unreachable", `${server} cannot be reached: ${reasonOf(cause)}`, {
    cause,
    remedy: "Check that the server runs, and the URL: --server, ENKS_SERVER or the profile.",
  });
}

/** What lies below fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.message === "") return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOfQuery(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
