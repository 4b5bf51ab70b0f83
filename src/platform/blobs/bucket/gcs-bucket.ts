// A bucket of Google Cloud Storage, by its JSON API: five calls over plain HTTP, with credentials from Google's library.

import { createHash } from "node:crypto";
import { Agent, type Dispatcher, request } from "undici";
import { type Bucket, BucketError, bucketError, MARK_NAME, type WriteCondition } from "./bucket.ts";
import { wholeBytes } from "./whole-bytes.ts";

/** What is used of `google-auth-library`. */
export interface GoogleAuthLibrary {
  readonly GoogleAuth: new (options: { readonly scopes: readonly string[] }) => GoogleAuth;
}

interface GoogleAuth {
  getRequestHeaders(url: string): Promise<Iterable<readonly [string, string]> | Readonly<Record<string, string>>>;
}

export interface GcsSettings {
  readonly bucket: string;
  /** null: Google's own. */
  readonly endpoint: string | null;
}

const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
const GOOGLE = "https://storage.googleapis.com";
/** Slow readers hold connections: those of our own writes are others. */
const STREAM_CONNECTIONS = 500;
const CALL_CONNECTIONS = 50;
const CONNECT_MILLISECONDS = 10_000;

const STAT_FIELDS = "size,generation,metadata";

interface GcsObject {
  readonly size: string;
  readonly generation: string | number;
  readonly metadata?: Readonly<Record<string, string>>;
}

type Query = Readonly<Record<string, string>>;

interface Asked {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** To an endpoint without TLS go no credentials: it is an emulator. */
export function openGcsBucket(library: GoogleAuthLibrary, settings: GcsSettings, prefix: string): Bucket {
  const base = settings.endpoint ?? GOOGLE;
  const auth = base.startsWith("http:") ? null : new library.GoogleAuth({ scopes: [SCOPE] });
  const calls = createAgent(CALL_CONNECTIONS);
  const streams = createAgent(STREAM_CONNECTIONS);
  const objects = `/storage/v1/b/${encodeURIComponent(settings.bucket)}/o`;
  const objectPath = (key: string) => `${objects}/${encodeURIComponent(key)}`;

  async function send(
    { method, path, query = {}, headers = {}, body }: Asked,
    signal: AbortSignal,
    dispatcher: Dispatcher = calls,
  ): Promise<Dispatcher.ResponseData> {
    const url = base + path;
    const credentials = auth === null ? {} : await credentialsOf(auth, url);
    try {
      return await request(url, {
        method,
        query,
        headers: { ...headers, ...credentials },
        ...(body === undefined ? {} : { body }),
        signal,
        dispatcher,
      });
    } catch (error) {
      throw bucketError(null, "", String(error));
    }
  }

  return {
    place: `gs://${settings.bucket}/${prefix}`,
    async get(key, signal) {
      const response = await send({ method: "GET", path: objectPath(key), query: { alt: "media" } }, signal);
      if (response.statusCode !== 200) return nullIfMissing(response);
      const length = headerOf(response, "content-length");
      const bytes = await wholeBytes(response.body, length === null ? undefined : Number(length));
      return { bytes, tag: headerOf(response, "x-goog-generation") ?? "" };
    },
    async stat(key, signal) {
      const response = await send({ method: "GET", path: objectPath(key), query: { fields: STAT_FIELDS } }, signal);
      if (response.statusCode !== 200) return nullIfMissing(response);
      const { size, generation, metadata } = (await jsonOf(response)) as GcsObject;
      return { byteCount: Number(size), tag: String(generation), mark: metadata?.[MARK_NAME] ?? null };
    },
    async open(key, tag, { start, end }, signal) {
      const query = { alt: "media", ifGenerationMatch: tag };
      const headers = { range: `bytes=${start}-${end - 1}` };
      const response = await send({ method: "GET", path: objectPath(key), query, headers }, signal, streams);
      const isRange = response.statusCode === 206 || response.statusCode === 200;
      // Not every service that speaks this protocol compares generations where it reads.
      if (isRange && headerOf(response, "x-goog-generation") === tag) return response.body;
      if (isRange) return discarded(response);
      if (response.statusCode === 412 || response.statusCode === 416) return discarded(response);
      return nullIfMissing(response);
    },
    async write(key, { bytes, headers: { contentType, cacheControl }, condition, mark }, signal) {
      const md5Hash = createHash("md5").update(bytes).digest("base64");
      const resource = { name: key, contentType, cacheControl, md5Hash, metadata: { [MARK_NAME]: mark } };
      const { boundary, body } = multipart(resource, contentType, bytes);
      const path = `/upload${objects}`;
      const query = { uploadType: "multipart", fields: "generation", ...conditionQuery(condition) };
      const headers = { "content-type": `multipart/related; boundary=${boundary}` };
      const response = await send({ method: "POST", path, query, headers, body }, signal);
      if (response.statusCode === 412) return discarded(response) ?? "refused";
      if (response.statusCode !== 200) throw await failureOf(response);
      await response.body.dump();
      return "written";
    },
    async delete(key, signal) {
      const response = await send({ method: "DELETE", path: objectPath(key) }, signal);
      if (response.statusCode < 300) await response.body.dump();
      else await nullIfMissing(response);
    },
    async list(start, atMost, signal) {
      const most = atMost ?? Number.POSITIVE_INFINITY;
      const keys: string[] = [];
      let pageToken: string | undefined;
      do {
        const query = {
          prefix: start,
          fields: "items(name),nextPageToken",
          ...(atMost === null ? {} : { maxResults: String(atMost) }),
          ...(pageToken === undefined ? {} : { pageToken }),
        };
        const response = await send({ method: "GET", path: objects, query }, signal);
        if (response.statusCode !== 200) throw await failureOf(response);
        const page = (await jsonOf(response)) as { items?: { name: string }[]; nextPageToken?: string };
        keys.push(...(page.items ?? []).map(({ name }) => name));
        pageToken = page.nextPageToken === "" ? undefined : page.nextPageToken;
      } while (pageToken !== undefined && keys.length < most);
      return keys;
    },
  };
}

function createAgent(connections: number): Agent {
  // How long a body may be silent is the reader's business: a slow phone is no dead service.
  return new Agent({ connections, bodyTimeout: 0, connect: { timeout: CONNECT_MILLISECONDS } });
}

async function credentialsOf(auth: GoogleAuth, url: string): Promise<Record<string, string>> {
  try {
    const headers = await auth.getRequestHeaders(url);
    return Object.fromEntries(Symbol.iterator in headers ? headers : Object.entries(headers));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Where none were found another attempt finds none either; everything else may be the token service that is away.
    const kind = message.includes("default credentials") ? "refused" : "away";
    throw new BucketError(kind, null, `no credentials: ${message}`.slice(0, 300));
  }
}

function conditionQuery(condition: WriteCondition): Query {
  if (condition.kind === "none") return {};
  return { ifGenerationMatch: condition.kind === "absent" ? "0" : condition.tag };
}

function multipart(metadata: object, contentType: string, bytes: Uint8Array): { boundary: string; body: Uint8Array } {
  // Content that holds it would be cut there; its digest is in it, so none can.
  const boundary = `enks-${createHash("sha256").update(bytes).digest("hex")}`;
  const head = [
    `--${boundary}`,
    "content-type: application/json; charset=UTF-8",
    "",
    JSON.stringify(metadata),
    `--${boundary}`,
    `content-type: ${contentType}`,
    "",
    "",
  ].join("\r\n");
  return { boundary, body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]) };
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

async function jsonOf(response: Dispatcher.ResponseData): Promise<unknown> {
  try {
    return await response.body.json();
  } catch (error) {
    throw new BucketError("away", response.statusCode, `the answer cannot be read: ${String(error)}`);
  }
}

function discarded(response: Dispatcher.ResponseData): null {
  response.body.on("error", () => undefined).destroy();
  return null;
}

/** Throws where something else is wrong, a missing bucket included. */
async function nullIfMissing(response: Dispatcher.ResponseData): Promise<null> {
  const failure = await failureOf(response);
  if (failure.status === 404 && !failure.message.includes("bucket does not exist")) return null;
  throw failure;
}

async function failureOf({ statusCode, body }: Dispatcher.ResponseData): Promise<BucketError> {
  const text = await body.text().catch(() => "");
  return bucketError(statusCode, "", /"message":\s*"([^"]*)"/.exec(text)?.[1] ?? text);
}
