// A load balancer as one stands before servers: asks each for its health, and sends requests only to those that are well.

import { once } from "node:events";
import { Agent, request as ask, createServer } from "node:http";

export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Has it look after one more server. */
  add(url: string): void;
  /** Resolves when it sends requests to the server. */
  sendsTo(url: string): Promise<void>;
}

const LOOK_MILLISECONDS = 100;

/** It tries no request a second time: what goes wrong behind it is seen before it. */
export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const known = new Set<string>();
  const well = new Set<string>();
  const waiting = new Map<string, () => void>();
  let turn = 0;

  const look = async (url: string) => {
    const isWell = await fetch(`${url}/health`).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status === 200;
      },
      () => false,
    );
    if (isWell) well.add(url);
    else well.delete(url);
    if (isWell) waiting.get(url)?.();
  };
  const timer = setInterval(() => {
    for (const url of known) void look(url);
  }, LOOK_MILLISECONDS);

  const server = createServer((request, response) => {
    const url = [...well][turn++ % Math.max(1, well.size)];
    if (url === undefined) return void response.writeHead(503).end("no server is well");
    const { method = "GET", headers } = request;
    const behind = ask(`${url}${request.url ?? ""}`, { method, headers, agent }, (answer) => {
      const { connection: _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(response);
    });
    behind.on("error", (error) => response.writeHead(502).end(String(error)));
    request.pipe(behind);
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    add: (url) => void known.add(url),
    sendsTo: (url) => (well.has(url) ? Promise.resolve() : new Promise((resolve) => waiting.set(url, resolve))),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
