// Serves published objects to phones and to other servers: GET and HEAD of whole names, and what features answer besides.
//
// Who asks for what is not logged: the addresses of phones are nobody's business.

import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Clock } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { isBlobName } from "../blobs/blob-name.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { headersOf, type ObjectHeaders } from "../blobs/object-headers.ts";
import type { Report } from "../observe/report.ts";
import { tellCauses } from "../observe/tell-causes.ts";
import type { JudgedClock } from "../time/clock-trust.ts";
import { answerObject, type ObjectSource } from "./answer-object.ts";
import { capConnections } from "./cap-connections.ts";
import { createConnectionRefuser } from "./connection-refuser.ts";
import { MOST_PUBLIC } from "./connection-shares.ts";
import { hasDoubledHeader } from "./doubled-header.ts";
import { hideDoubtfulDate } from "./hide-date.ts";
import { type ListenerAddress, listen } from "./listener.ts";
import { createListenerEnd, type ListenerEnd } from "./listener-end.ts";
import { type AnswerObserver, observeAnswers } from "./observe-answers.ts";
import type { PublicRoute } from "./public-route.ts";
import { ANSWER_MILLISECONDS, registerPublicRoutes } from "./register-public-routes.ts";
import { SendBudget } from "./send-budget.ts";

export interface ObjectServerOptions extends ListenerAddress {
  readonly blobs: BlobStore;
  readonly report: Report;
  /** Whether an object is for everybody; others in the same store are answered as if they did not exist. */
  readonly isPublic: (name: string) => boolean;
  /** How an object is served; by default decided by its name. */
  readonly headersOf?: (name: string) => ObjectHeaders;
  /** More make the longest idle one end, or are not accepted; 4,000 unless given. */
  readonly maxConnections?: number;
  /** Of objects, under way to slow readers; 32 MiB unless given. */
  readonly maxBytesInFlight?: number;
  /** How long a request may take to arrive, and a connection may be silent. */
  readonly requestTimeoutMilliseconds?: number;
  /** How long `close` waits for answers under way before it cuts them off. */
  readonly closeTimeoutMilliseconds?: number;
  /** What `GET /health` says: the codes of what is wrong. Without it there is no such path. */
  readonly health?: () => Promise<readonly string[]>;
  readonly observers?: readonly AnswerObserver[];
  /** While it is in doubt answers do not say what time it is. */
  readonly clock?: Pick<JudgedClock, "trust">;
  /** What features answer besides, on whose clock, and how long that may take. */
  readonly operations?: {
    readonly routes: readonly PublicRoute[];
    readonly clock: Clock;
    readonly answerMilliseconds?: number;
  };
  /** Addresses or networks of proxies whose word about the client's address is taken. */
  readonly trustedProxies?: readonly string[];
}

export interface ObjectServer extends Pick<ListenerEnd, "drain"> {
  /** Without a slash at the end; an object is at `<url>/<name>`. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8 * 1024;

const HEALTH_PATH = "/health";

/** An archive that is missing now may be there in a moment (DB I3). */
const NEVER_CACHED = { "cache-control": "no-store" } as const;

/** Resolves when the server listens. Throws `listener_port_in_use` and `listener_address_unusable`. */
export async function startObjectServer(options: ObjectServerOptions): Promise<ObjectServer> {
  const server = createServer(options);
  observeAnswers(server, "public", options.observers ?? []);
  const end = createListenerEnd(server);
  capConnections(server.server, options.maxConnections ?? MOST_PUBLIC, tellOnceAMinute(options.report));
  if (options.clock !== undefined) hideDoubtfulDate(server, options.clock);
  server.addHook("onRequest", async (request, reply) => {
    if (!hasDoubledHeader(request.raw.rawHeaders)) return undefined;
    return refuse(reply.header("connection", "close"), 400, "request_malformed");
  });
  const { operations } = options;
  const paths = new Set(operations?.routes.map(({ path }) => path));
  server.addHook("onRequest", async (request, reply) => {
    return paths.has(request.routeOptions.url ?? "") ? undefined : refuseOtherRequests(request, reply);
  });
  if (operations !== undefined) {
    const { routes, clock, answerMilliseconds = ANSWER_MILLISECONDS } = operations;
    registerPublicRoutes(server, routes, clock, answerMilliseconds);
  }
  server.setNotFoundHandler((_request, reply) => refuse(reply, 404, "object_not_found"));
  server.setErrorHandler((error, _request, reply) => {
    options.report({
      event: "object-server.request-failed",
      level: "error",
      code: codeOf(error) ?? "unexpected",
      why: tellCauses(error),
    });
    return refuse(reply, 503, "object_unavailable");
  });

  const source = sourceOf(options);
  server.get<{ Params: { "*": string } }>("/*", async (request, reply) => {
    const name = request.params["*"];
    const isThere = isBlobName(name) && options.isPublic(name) && (await answerObject(source, name, request, reply));
    return isThere ? reply : refuse(reply, 404, "object_not_found");
  });

  const { health } = options;
  if (health !== undefined) answerHealth(server, health);
  return {
    url: await listen(server, options, "publicListener"),
    drain: () => end.drain(),
    close: () => end.close(options.closeTimeoutMilliseconds ?? 5_000),
  };
}

function createServer({
  requestTimeoutMilliseconds = 10_000,
  trustedProxies = [],
}: ObjectServerOptions): FastifyInstance {
  return fastify({
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    requestTimeout: requestTimeoutMilliseconds,
    connectionTimeout: requestTimeoutMilliseconds,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: requestTimeoutMilliseconds,
      connectionsCheckingInterval: Math.min(requestTimeoutMilliseconds, 1_000),
    },
    forceCloseConnections: "idle",
    // Requests that still arrive are answered like all others.
    return503OnClosing: false,
    clientErrorHandler: createConnectionRefuser((code) => ({ headers: NEVER_CACHED, body: JSON.stringify({ code }) })),
    frameworkErrors: (_error, _request, reply) => {
      refuse(reply, 404, "object_not_found");
    },
  });
}

/** Runs for every request besides those that features answer, known route or not. */
async function refuseOtherRequests(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(reply.header("allow", "GET, HEAD").header("connection", "close"), 405, "method_not_allowed");
  }
  if ((request.headers["content-length"] ?? "0") !== "0" || request.headers["transfer-encoding"] !== undefined) {
    return refuse(reply.header("connection", "close"), 413, "body_not_allowed");
  }
  return undefined;
}

function refuse(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply.code(status).headers(NEVER_CACHED).send({ code });
}

function sourceOf({ blobs, report, maxBytesInFlight, ...options }: ObjectServerOptions): ObjectSource {
  return {
    blobs,
    headersOf: options.headersOf ?? headersOf,
    budget: new SendBudget(maxBytesInFlight),
    onCut: (error) =>
      report({ event: "object-server.answer-cut", level: "error", code: codeOf(error) ?? "unexpected" }),
  };
}

const MINUTE_MILLISECONDS = 60_000;

function tellOnceAMinute(report: Report): () => void {
  let isTold = false;
  return () => {
    if (isTold) return;
    isTold = true;
    report({ event: "object-server.connections-full", level: "warn" });
    setTimeout(() => void (isTold = false), MINUTE_MILLISECONDS).unref();
  };
}

/** As the reference server answers (KS 0.2), but with 503 where something is wrong. */
function answerHealth(server: FastifyInstance, health: () => Promise<readonly string[]>): void {
  server.get(HEALTH_PATH, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    const codes = await health();
    return codes.length === 0 ? { status: "ok" } : reply.code(503).send({ status: "unavailable", codes });
  });
}
