// One kept HTTP/1.1 connection that sends finished bytes and reads as little of the answers as it can: where client and
// server share a machine, what the client takes is missing from what is measured.

import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly bodyBytes: number;
}

export interface HttpConnection {
  /** One at a time. Rejects when the connection is lost. */
  exchange(request: Buffer): Promise<RawAnswer>;
  close(): void;
}

/** The bytes of a POST. */
export function requestBytes(url: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const { host, pathname } = new URL(url);
  const all = { host, ...headers, "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([`POST ${pathname} HTTP/1.1`, ...lines, "", body].join("\r\n"));
}

/** To a server that says how long its answers are. */
export async function openConnection(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  let waiting: PromiseWithResolvers<RawAnswer> | null = null;
  let answer: RawAnswer | null = null;
  let missing = 0;
  socket.on("data", (chunk: Buffer) => {
    missing -= chunk.length;
    if (answer === null) {
      const end = chunk.indexOf("\r\n\r\n");
      if (end === -1) {
        socket.destroy(new Error("the head of an answer came in pieces"));
        return;
      }
      const head = chunk.toString("latin1", 0, end);
      const bodyBytes = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      answer = { status: Number(head.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)), head, bodyBytes };
      missing = end + 4 + bodyBytes - chunk.length;
    }
    if (missing > 0) return;
    waiting?.resolve(answer);
    answer = null;
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the server closed a connection")));
  return {
    exchange(request) {
      if (socket.destroyed) return Promise.reject(new Error("the server closed a connection that nobody used"));
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}
