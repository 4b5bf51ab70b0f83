// A listener's own share of connections: when all are taken, the one that was idle longest makes room.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A burst of new connections arrives before the first one has made room. */
const LARGEST_MARGIN = 32;

/**
 * Keeps at most `maxConnections`. Where every one is asked on, new connections are ended at once. `onFull` hears of both.
 * Has to be called before the server listens.
 */
export function capConnections(server: Server, maxConnections: number, onFull: () => void): void {
  server.maxConnections = maxConnections;
  const margin = Math.max(1, Math.min(LARGEST_MARGIN, Math.floor(maxConnections / 8)));
  const open = new Set<Socket>();
  /** Longest first. */
  const idle = new Set<Socket>();
  server.on("drop", onFull);
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size <= maxConnections - margin) return;
    const [longest] = idle;
    if (longest === undefined || longest === socket) return;
    onFull();
    open.delete(longest);
    idle.delete(longest);
    longest.destroy();
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.once("close", () => {
      if (open.has(socket)) idle.add(socket);
    });
  });
}
