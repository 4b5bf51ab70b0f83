// Answers a refused request and reports it: who, what, the code. Causes go to the report only.

import type { FastifyReply, FastifyRequest } from "fastify";
import type { Report } from "../../observe/report.ts";
import { tellCauses } from "../../observe/tell-causes.ts";
import type { Principals } from "./authenticate-requests.ts";
import { refusalOf } from "./refusal.ts";

export type RefuseRequest = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** On every answer: nothing of this API is kept, framed, or taken for another type. */
export const ANSWER_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

export function createRefuser(report: Report, principals: Principals): RefuseRequest {
  return (error, request, reply) => {
    const { status, headers, body } = refusalOf(error, request.id);
    report({
      event: status < 500 ? "admin.request-refused" : "admin.request-failed",
      level: status < 500 ? "info" : "error",
      code: body.code,
      status,
      // The pattern, since a path holds what somebody typed.
      route: `${request.method} ${request.routeOptions.url ?? "-"}`,
      principal: principals.get(request)?.name ?? null,
      requestId: request.id,
      ...(status < 500 ? {} : { error: tellCauses(error) }),
    });
    // What was not read of the request must not be taken for the next one.
    if (hasBody(request) && !request.raw.complete) reply.header("connection", "close");
    return reply
      .code(status)
      .headers({ ...ANSWER_HEADERS, ...headers })
      .send(body);
  };
}

export function hasBody({ headers }: FastifyRequest): boolean {
  return (headers["content-length"] ?? "0") !== "0" || headers["transfer-encoding"] !== undefined;
}
