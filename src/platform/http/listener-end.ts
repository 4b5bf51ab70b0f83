// How a listener ends: first its answers end their connections, then nothing is taken any more, then it is closed.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** A request that has not arrived by then has had no effect, and whoever sends it sends it elsewhere. */
const HALF_SENT_MILLISECONDS = 1_000;

export interface ListenerEnd {
  /** From now on each answer ends its connection, so that the next request finds another process. */
  drain(): void;
  /**
   * Takes no new connection and closes those on which nothing is asked: idle ones at once, those with half a request a
   * second later. Waits for answers under way, but at most so long; then it cuts them off.
   */
  close(withinMilliseconds: number): Promise<void>;
}

/** Has to be called before the server listens, and before the hooks that answer by themselves. */
export function createListenerEnd(server: FastifyInstance): ListenerEnd {
  /** By connection; null: nothing was asked since the last answer. */
  const asked = new Map<Socket, IncomingMessage | null>();
  server.server.on("connection", (socket: Socket) => {
    asked.set(socket, null);
    socket.once("close", () => asked.delete(socket));
  });
  server.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    asked.set(socket, request);
    response.once("close", () => {
      if (asked.get(socket) === request) asked.set(socket, null);
    });
  });
  let isDraining = false;
  server.addHook("onRequest", async (_request, reply) => {
    if (isDraining) reply.header("connection", "close");
  });

  function cutHalfSent(): void {
    for (const [socket, request] of asked) if (request?.complete !== true) socket.destroy();
  }

  return {
    drain: () => void (isDraining = true),
    async close(withinMilliseconds) {
      isDraining = true;
      const timers = [
        setTimeout(cutHalfSent, Math.min(HALF_SENT_MILLISECONDS, withinMilliseconds)),
        setTimeout(() => server.server.closeAllConnections(), withinMilliseconds),
      ];
      try {
        await server.close();
      } finally {
        for (const timer of timers) clearTimeout(timer);
      }
    },
  };
}
