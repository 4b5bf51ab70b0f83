// A proxy between a program and an HTTP service that cuts, delays and repeats requests, from a seed.

import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";

/** Each strikes two requests in a hundred. */
const FAULTS = ["request cut", "answer cut", "answer half", "delayed", "repeated", "busy"] as const;
type Fault = (typeof FAULTS)[number];

const PART = 50;
const LONGEST_DELAY_MILLISECONDS = 50;

export interface FaultyProxy {
  readonly url: string;
  readonly struck: Readonly<Record<Fault, number>>;
  close(): Promise<void>;
}

export async function startFaultyProxy(target: string, seed: number): Promise<FaultyProxy> {
  const random = seededRandom(seed);
  const struck = { "request cut": 0, "answer cut": 0, "answer half": 0, delayed: 0, repeated: 0, busy: 0 };
  const server = createServer((asked, response) => void pass(asked, response).catch(() => response.destroy()));

  async function pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = FAULTS[random.integer(PART - 1)];
    if (fault !== undefined) struck[fault]++;
    const body = await buffer(asked);
    if (fault === "request cut") return void response.destroy();
    if (fault === "busy") return void response.writeHead(503).end();
    if (fault === "delayed") await wait(random.integer(LONGEST_DELAY_MILLISECONDS));
    const first = await forward(asked, body);
    const answer = fault === "repeated" ? await forward(asked, body) : first;
    if (fault === "answer cut") return void response.destroy();
    response.writeHead(answer.status, answer.headers);
    if (fault !== "answer half") return void response.end(answer.body);
    response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
  }

  async function forward({ method, url, headers }: IncomingMessage, body: Buffer) {
    // The host stays what was asked for: it is signed.
    const sent = request(`${target}${url ?? "/"}`, { method, headers: { ...headers, connection: "close" } }).end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const { "transfer-encoding": _, connection: _own, ...kept } = answer.headers;
    return { status: answer.statusCode ?? 502, headers: kept, body: await buffer(answer) };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    struck,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
