// What the admin server answers of its own: health, readiness, metrics and the description of the API.

import type { FastifyInstance } from "fastify";
import { codeOf } from "../../../core/coded-error.ts";
import { type Principals, principalOf, requireRole } from "./authenticate-requests.ts";

/** Each answers the codes of what is wrong; none means well. Both have to answer soon, whatever is wrong. */
export interface AdminHealth {
  /** Whether this process should be left alone; if not, it is best started again. */
  live(): Promise<readonly string[]>;
  /** Whether it can do its work now. */
  ready(): Promise<readonly string[]>;
}

export const LIVE_PATH = "/health/live";
export const READY_PATH = "/health/ready";
export const DOCUMENT_PATH = "/v1/openapi.json";
export const METRICS_PATH = "/metrics";

/** Answered without a token. */
export const OPEN_PATHS: ReadonlySet<string> = new Set([LIVE_PATH, READY_PATH, DOCUMENT_PATH]);

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface ServerAnswers {
  readonly health: AdminHealth;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** The OpenAPI document as JSON. */
  readonly document: string;
  readonly principals: Principals;
}

export function registerServerRoutes(server: FastifyInstance, answers: ServerAnswers): void {
  const { health, metrics, document, principals } = answers;
  const checks = [
    [LIVE_PATH, () => health.live()],
    [READY_PATH, () => health.ready()],
  ] as const;
  for (const [path, check] of checks) {
    server.get(path, async (_request, reply) => {
      const codes = await codesOf(check);
      return reply.code(codes.length === 0 ? 200 : 503).send({ ok: codes.length === 0, codes });
    });
  }
  server.get(DOCUMENT_PATH, async (_request, reply) => reply.type("application/json; charset=utf-8").send(document));
  server.get(METRICS_PATH, async (request, reply) => {
    requireRole(principalOf(request, principals), "auditor");
    return reply.type(METRICS_TYPE).send(await metrics());
  });
}

async function codesOf(check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await check();
  } catch (error) {
    return [codeOf(error) ?? "unexpected"];
  }
}
