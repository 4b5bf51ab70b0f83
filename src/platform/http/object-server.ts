// Serves published objects to phones and to other servers: GET and HEAD of whole names, nothing else.
//
// Who asks for what is not logged: the addresses of phones are nobody's business.

import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { codeOf } from "../../core/coded-error.ts";
import { isBlobName } from "../blobs/blob-name.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { headersOf, type ObjectHeaders } from "../blobs/object-headers.ts";
import type { Report } from "../observe/report.ts";
import { type ObjectResponse, planObjectResponse } from "./object-response.ts";

export interface ObjectServerOptions {
  readonly blobs: BlobStore;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly report: Report;
  /** Whether an object is for everybody; others in the same store are answered as if they did not exist. */
  readonly isPublic: (name: string) => boolean;
  /** How an object is served; by default decided by its name. */
  readonly headersOf?: (name: string) => ObjectHeaders;
  /** How long a request may take to arrive, and a connection may be silent. */
  readonly requestTimeoutMilliseconds?: number;
  /** How long `close` waits for answers under way before it cuts them off. */
  readonly closeTimeoutMilliseconds?: number;
}

export interface ObjectServer {
  /** Without a slash at the end; an object is at `<url>/<name>`. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8 * 1024;

/** Resolves when the server listens; rejects with the system's error when it cannot. */
export async function startObjectServer(options: ObjectServerOptions): Promise<ObjectServer> {
  const server = createServer(options.requestTimeoutMilliseconds ?? 10_000);
  server.addHook("onRequest", refuseOtherRequests);
  server.setNotFoundHandler((_request, reply) => refuse(reply, 404, "object_not_found"));
  server.setErrorHandler((error, _request, reply) => {
    options.report({ event: "object-server.request-failed", level: "error", code: codeOf(error) ?? "unexpected" });
    return refuse(reply, 503, "object_unavailable");
  });

  server.get<{ Params: { "*": string } }>("/*", async (request, reply) => {
    const name = request.params["*"];
    const blob = isBlobName(name) && options.isPublic(name) ? await options.blobs.get(name) : null;
    if (blob === null) return refuse(reply, 404, "object_not_found");
    return send(reply, planObjectResponse(request.headers, blob, (options.headersOf ?? headersOf)(name)));
  });

  const { host, port } = options;
  await server.listen({ host, port });
  return {
    url: urlOf(server, host),
    close: () => closeWithin(server, options.closeTimeoutMilliseconds ?? 5_000),
  };
}

function createServer(requestTimeoutMilliseconds: number): FastifyInstance {
  return fastify({
    logger: false,
    requestTimeout: requestTimeoutMilliseconds,
    connectionTimeout: requestTimeoutMilliseconds,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: requestTimeoutMilliseconds,
      connectionsCheckingInterval: Math.min(requestTimeoutMilliseconds, 1_000),
    },
    forceCloseConnections: "idle",
    frameworkErrors: (_error, _request, reply) => {
      refuse(reply, 404, "object_not_found");
    },
  });
}

/** Runs for every request, known route or not. */
async function refuseOtherRequests(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(reply.header("allow", "GET, HEAD").header("connection", "close"), 405, "method_not_allowed");
  }
  if ((request.headers["content-length"] ?? "0") !== "0" || request.headers["transfer-encoding"] !== undefined) {
    return refuse(reply.header("connection", "close"), 413, "body_not_allowed");
  }
  return undefined;
}

/** Never cached: an archive that is missing now may be there in a moment (DB I3). */
function refuse(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply.code(status).header("cache-control", "no-store").send({ code });
}

function send(reply: FastifyReply, answer: ObjectResponse): FastifyReply {
  const body = answer.body;
  reply.code(answer.status).headers({ ...answer.headers, "x-content-type-options": "nosniff" });
  return body === null ? reply.send() : reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

function urlOf(server: FastifyInstance, host: string): string {
  const address = server.server.address();
  const port = address === null || typeof address === "string" ? 0 : address.port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function closeWithin(server: FastifyInstance, timeoutMilliseconds: number): Promise<void> {
  const cutOff = setTimeout(() => server.server.closeAllConnections(), timeoutMilliseconds);
  try {
    await server.close();
  } finally {
    clearTimeout(cutOff);
  }
}
