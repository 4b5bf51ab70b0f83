// Metrics and health on a port of their own, without a token, for a network that only the monitoring reaches.

import { fastify } from "fastify";
import { codeOf } from "../../core/coded-error.ts";
import { type AdminHealth, LIVE_PATH, METRICS_PATH, METRICS_TYPE, READY_PATH } from "./admin/server-routes.ts";
import { hasDoubledHeader } from "./doubled-header.ts";
import { type ListenerAddress, listen } from "./listener.ts";
import { createListenerEnd } from "./listener-end.ts";

export interface MetricsListenerOptions extends ListenerAddress {
  readonly health: AdminHealth;
  readonly metrics: () => Promise<string>;
}

const TIMEOUT_MILLISECONDS = 10_000;
/** Each answer takes a second at most. */
const CLOSE_MILLISECONDS = 2_000;
const MAX_CONNECTIONS = 16;

/** Throws `listener_port_in_use` and `listener_address_unusable`. */
export async function startMetricsListener(
  options: MetricsListenerOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { health, metrics } = options;
  const server = fastify({
    logger: false,
    requestTimeout: TIMEOUT_MILLISECONDS,
    connectionTimeout: TIMEOUT_MILLISECONDS,
    forceCloseConnections: "idle",
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  const end = createListenerEnd(server);
  server.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
  server.addHook("onRequest", async (request, reply) => {
    if (!hasDoubledHeader(request.raw.rawHeaders)) return undefined;
    return reply.code(400).header("connection", "close").send({ code: "request_malformed" });
  });
  server.setErrorHandler((error, _request, reply) => reply.code(500).send({ code: codeOf(error) ?? "unexpected" }));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: "path_unknown" }));
  server.get(METRICS_PATH, async (_request, reply) => reply.type(METRICS_TYPE).send(await metrics()));
  for (const [path, check] of [
    [LIVE_PATH, () => health.live()],
    [READY_PATH, () => health.ready()],
  ] as const) {
    server.get(path, async (_request, reply) => {
      const codes = await check();
      return reply.code(codes.length === 0 ? 200 : 503).send({ ok: codes.length === 0, codes });
    });
  }
  return {
    url: await listen(server, options, "metricsListener"),
    close: () => end.close(CLOSE_MILLISECONDS),
  };
}
