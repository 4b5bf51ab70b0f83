// Another server's second location over real HTTP, which misbehaves on demand.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface ServedObject {
  /** 200 unless given. */
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly withoutEtag?: true;
  /** Instead of one that is made of the body. */
  readonly etag?: string;
  /** The connection breaks after so many bytes of the body. */
  readonly cutAfter?: number;
  /** The answer waits until this resolves. */
  readonly after?: Promise<void>;
}

export interface SourceServer {
  /** Without a final slash. */
  readonly url: string;
  /** The paths asked for, in order. */
  readonly requests: readonly string[];
  /** Serves `object` under the path from now on. */
  put(path: string, object: ServedObject): void;
  /** What is served under the path. */
  get(path: string): ServedObject;
  /** 404 from now on. */
  remove(path: string): void;
  /** Resolves at the next request for the path. */
  nextRequest(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startSourceServer(): Promise<SourceServer> {
  const objects = new Map<string, ServedObject>();
  const requests: string[] = [];
  const watchers = new Map<string, () => void>();
  const get = (path: string) => objects.get(path) ?? { status: 404 };
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    watchers.get(path)?.();
    void answer(get(path), request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    get,
    put: (path, object) => void objects.set(path, object),
    remove: (path) => void objects.delete(path),
    nextRequest: (path) => new Promise((resolve) => watchers.set(path, resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(object: ServedObject, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await object.after;
  const body = Buffer.from(object.body ?? "");
  const etag = object.etag ?? `"${createHash("sha256").update(body).digest("hex")}"`;
  const isKnown = object.status === undefined && request.headers["if-none-match"] === etag;
  response.writeHead(isKnown ? 304 : (object.status ?? 200), {
    ...(object.withoutEtag ? {} : { etag }),
    "content-type": object.contentType ?? "text/plain",
    ...(isKnown ? {} : { "content-length": body.length }),
  });
  if (isKnown) response.end();
  else if (object.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, object.cutAfter), () => response.destroy());
}
