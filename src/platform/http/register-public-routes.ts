// The operations that features answer on the public listener, beside its objects.

import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Clock } from "../../core/clock.ts";
import type { PublicAnswer, PublicRequest, PublicRoute } from "./public-route.ts";
import { isReservedName } from "./reserved-names.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * A second or two before phones give up (usually after ten seconds), and beyond the limits of what works on an answer. So
 * whoever asks gets one, and no connection is broken off without.
 */
export const ANSWER_MILLISECONDS = 8_000;

/**
 * Bodies arrive as bytes, whatever they call themselves; what a feature does not see, it words the refusal of. An answer
 * that takes longer than `answerMilliseconds` is a refusal with 503; what works on it goes on.
 */
export function registerPublicRoutes(
  server: FastifyInstance,
  routes: readonly PublicRoute[],
  clock: Clock,
  answerMilliseconds: number,
): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  for (const route of routes) {
    // Else an object of that name would be hidden, and nobody would have refused it.
    if (!isReservedName(route.path.slice(1))) throw new RangeError(`${route.path} is not among the reserved names`);
    server.route({
      method: [...route.methods],
      url: route.path,
      exposeHeadRoute: false,
      bodyLimit: route.maxBodyBytes,
      onRequest: async ({ raw }) => hideContentType(raw),
      handler: async (request, reply) => {
        sendAtOnce(reply, await answerWithin(route, asked(request, clock), answerMilliseconds));
      },
      errorHandler: (error, _request, reply) => {
        void send(reply.header("connection", "close"), refusalOf(route, error.statusCode ?? 500));
      },
    });
    const allow = route.methods.join(", ");
    server.route({
      method: METHODS.filter((method) => !route.methods.some((allowed) => allowed === method)),
      url: route.path,
      exposeHeadRoute: false,
      onRequest: async (_request, reply) => {
        void reply.headers({ allow, connection: "close" });
        return send(reply, route.refuse(405, `only ${allow} is allowed here`));
      },
      handler: () => undefined,
    });
  }
}

async function answerWithin(route: PublicRoute, request: PublicRequest, milliseconds: number): Promise<PublicAnswer> {
  const late = Promise.withResolvers<PublicAnswer>();
  const timer = setTimeout(() => late.resolve(refusalOf(route, 503)), milliseconds);
  try {
    return await Promise.race([route.answer(request), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(route: PublicRoute, status: number): PublicAnswer {
  if (status === 413) return route.refuse(413, "the body is too large");
  if (status < 500) return route.refuse(400, "the body cannot be read");
  return route.refuse(503, "the server cannot answer at present");
}

/** What the framework would refuse by its own rules: each feature judges it. */
const contentTypes = new WeakMap<IncomingMessage, string>();

function hideContentType(raw: IncomingMessage): void {
  const given = raw.headers["content-type"];
  if (given === undefined) return;
  contentTypes.set(raw, given);
  raw.headers["content-type"] = "application/octet-stream";
}

function asked(request: FastifyRequest, clock: Clock): PublicRequest {
  const { method, body, ip, raw, socket } = request;
  const given = contentTypes.get(raw);
  const headers = given === undefined ? request.headers : { ...request.headers, "content-type": given };
  const isForwardUnread = headers["x-forwarded-for"] !== undefined && ip === socket.remoteAddress;
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(0);
  return { method, headers, body: bytes, clientAddress: ip, isForwardUnread, now: clock.now() };
}

/** Past the framework, head and body in one piece: half the work of an answer, which uploads in a hurry feel. */
function sendAtOnce(reply: FastifyReply, { status, headers, body }: PublicAnswer): void {
  reply.hijack();
  reply.raw.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function send(reply: FastifyReply, answer: PublicAnswer): FastifyReply {
  // As bytes: to a text the framework would add a charset, which is not what the API says (KS 3.3).
  return reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body));
}
