// Answers a known path under a method that it does not have: 405, and which methods it has.

import type { FastifyInstance } from "fastify";
import { CodedError } from "../../../core/coded-error.ts";

/** To be called once every path of `urls` has its routes. */
export function refuseOtherMethods(server: FastifyInstance, urls: ReadonlySet<string>): void {
  for (const url of urls) {
    const isAnswered = (method: string) => server.hasRoute({ url, method });
    const allow = server.supportedMethods.filter(isAnswered).join(", ");
    server.route({
      method: server.supportedMethods.filter((method) => !isAnswered(method)),
      url,
      onRequest: async (_request, reply) => {
        reply.header("allow", allow);
        throw new CodedError("method_not_allowed", `this path answers ${allow}`);
      },
      handler: async () => undefined,
    });
  }
}
