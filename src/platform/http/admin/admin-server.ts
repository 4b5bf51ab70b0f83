// The admin API on a listener of its own: the routes of the features behind tokens and roles.

import { type FastifyInstance, fastify } from "fastify";
import { CodedError } from "../../../core/coded-error.ts";
import type { Random } from "../../../core/random.ts";
import { hasDoubledHeader } from "../doubled-header.ts";
import { type ListenerAddress, listen } from "../listener.ts";
import { createListenerEnd, type ListenerEnd } from "../listener-end.ts";
import { type AnswerObserver, observeAnswers } from "../observe-answers.ts";
import { adminError } from "./admin-error.ts";
import type { AdminRoute } from "./admin-route.ts";
import { authenticateRequests, type Principals } from "./authenticate-requests.ts";
import { describeApi } from "./describe-api.ts";
import { parseJsonBody } from "./parse-json-body.ts";
import { withPreviews } from "./preview.ts";
import { createAdminConnectionRefuser } from "./refuse-connection.ts";
import { refuseOtherMethods } from "./refuse-other-methods.ts";
import { ANSWER_HEADERS, createRefuser, hasBody, type RefuseRequest } from "./refuse-request.ts";
import { type RouteSurroundings, registerRoute } from "./register-route.ts";
import { OPEN_PATHS, registerServerRoutes, type ServerAnswers } from "./server-routes.ts";

export interface AdminServerOptions
  extends ListenerAddress,
    Omit<RouteSurroundings, "principals">,
    Pick<ServerAnswers, "health" | "metrics"> {
  readonly routes: readonly AdminRoute[];
  readonly observers?: readonly AnswerObserver[];
  readonly random: Random;
  /** The program's version, for the API's description. */
  readonly version: string;
  /** 256 KiB unless given. */
  readonly maxBodyBytes?: number;
  /** More are not accepted; 256 unless given. */
  readonly maxConnections?: number;
  /** How long a request may take to arrive, and a connection may wait for its next one; 10 s unless given. */
  readonly requestTimeoutMilliseconds?: number;
  /** How long a connection may be silent, also while it waits for its answer; 10 min unless given. */
  readonly silenceTimeoutMilliseconds?: number;
  /** How long `close` waits for answers under way before it cuts them off; 5 s unless given. */
  readonly closeTimeoutMilliseconds?: number;
}

export interface AdminServer extends Pick<ListenerEnd, "drain"> {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8 * 1024;
const MAX_PARAMETER_CHARACTERS = 1_000;

/**
 * Resolves when the server listens. Throws `listener_port_in_use` and `listener_address_unusable`, and RangeError where
 * the routes contradict each other.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const routes = withPreviews(options.routes);
  const document = JSON.stringify(describeApi(routes, options.version));
  const principals: Principals = new WeakMap();
  const refuse = createRefuser(options.report, principals);
  const server = createServer(options, refuse);
  observeAnswers(server, "admin", options.observers ?? []);
  const end = createListenerEnd(server);
  server.setErrorHandler(refuse);
  server.setNotFoundHandler(async () => {
    throw adminError("path_unknown", "there is nothing under this path", {
      remedy: "GET /v1/openapi.json answers all paths.",
    });
  });
  server.addHook("onRequest", async (request, reply) => {
    if (hasDoubledHeader(request.raw.rawHeaders)) {
      void reply.header("connection", "close");
      throw adminError("request_malformed", "a header is there twice that a request has once");
    }
    // Clients tell ages by it, and every instant of an answer is one of this clock.
    void reply.headers({ ...ANSWER_HEADERS, date: new Date(options.clock.now() * 1_000).toUTCString() });
  });
  authenticateRequests(server, options, principals, OPEN_PATHS);
  takeNothingButJson(server);

  const urls = new Set<string>();
  server.addHook("onRoute", ({ url }) => void urls.add(url));
  registerServerRoutes(server, { ...options, document, principals });
  for (const route of routes) registerRoute(server, route, { ...options, principals });
  refuseOtherMethods(server, new Set(urls));
  return {
    url: await listen(server, options, "adminListener"),
    drain: () => end.drain(),
    close: () => end.close(options.closeTimeoutMilliseconds ?? 5_000),
  };
}

function createServer(options: AdminServerOptions, refuse: RefuseRequest): FastifyInstance {
  const requestTimeout = options.requestTimeoutMilliseconds ?? 10_000;
  const nextRequestId = () => options.random.bytes(8).toHex();
  const server = fastify({
    logger: false,
    genReqId: nextRequestId,
    requestIdHeader: false,
    bodyLimit: options.maxBodyBytes ?? 256 * 1024,
    requestTimeout,
    keepAliveTimeout: requestTimeout,
    connectionTimeout: options.silenceTimeoutMilliseconds ?? 600_000,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(requestTimeout, 1_000),
    },
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    forceCloseConnections: "idle",
    // Requests that still arrive are answered like all others.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void refuse(error, request, reply),
    clientErrorHandler: createAdminConnectionRefuser(nextRequestId),
  });
  server.server.maxConnections = options.maxConnections ?? 256;
  return server;
}

function takeNothingButJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, body: Buffer) =>
    parseJsonBody(body),
  );
  server.addHook("onRequest", async (request) => {
    const isWithoutBody = request.method === "GET" || request.method === "HEAD";
    if (isWithoutBody && hasBody(request)) throw new CodedError("body_not_allowed", "a question has no body");
  });
}
