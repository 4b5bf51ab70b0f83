// The operations that features answer on the public listener, beside its objects.

import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Clock } from "../../core/clock.ts";
import type { PublicAnswer, PublicRoute } from "./public-route.ts";
import { isReservedName } from "./reserved-names.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Bodies arrive as bytes, whatever they call themselves; what a feature does not see, it words the refusal of. */
export function registerPublicRoutes(server: FastifyInstance, routes: readonly PublicRoute[], clock: Clock): void {
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
      handler: async (request, reply) => sendAtOnce(reply, await route.answer(asked(request, clock))),
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

function refusalOf(route: PublicRoute, status: number): PublicAnswer {
  if (status === 413) return route.refuse(413, "the body is too large");
  if (status < 500) return route.refuse(400, "the body cannot be read");
  return route.refuse(503, "the server cannot answer at present");
}

function asked(request: FastifyRequest, clock: Clock) {
  const { method, headers, body, ip } = request;
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(0);
  return { method, headers, body: bytes, clientAddress: ip, now: clock.now() };
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
