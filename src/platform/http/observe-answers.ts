// Who wants to know how long a listener's answers take: metrics and traces.

import type { FastifyInstance, FastifyRequest } from "fastify";

export interface AskedRequest {
  /** "public", "admin". */
  readonly listener: string;
  readonly method: string;
  /** The route's pattern, never what was typed; "-" where none fits. */
  readonly route: string;
}

export interface AnswerObserver {
  /** Goes on with the request by calling `go`, and is told the answer's status when it was sent. */
  begin(asked: AskedRequest, go: () => void): (status: number) => void;
}

/** Has to be called before any other hook is added. */
export function observeAnswers(server: FastifyInstance, listener: string, observers: readonly AnswerObserver[]): void {
  const ends = new WeakMap<FastifyRequest, ((status: number) => void)[]>();
  server.addHook("onRequest", (request, _reply, done) => {
    const route = request.routeOptions.url ?? "-";
    const asked = { listener, method: request.method, route };
    const own: ((status: number) => void)[] = [];
    ends.set(request, own);
    // The first observer is the outermost: each goes on with the next, the last with the request.
    const goOn = observers.reduceRight<() => void>(
      (go, observer) => () => void own.push(observer.begin(asked, go)),
      done,
    );
    goOn();
  });
  server.addHook("onResponse", async (request, reply) => {
    for (const end of ends.get(request) ?? []) end(reply.statusCode);
  });
}
