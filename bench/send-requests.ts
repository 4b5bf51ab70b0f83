// Requests over kept connections, as fast as they are answered or at a given rate, each with its time.

import { type HttpConnection, openConnection, requestBytes } from "./http-connection.ts";

export interface Sent {
  readonly status: number;
  readonly milliseconds: number;
  readonly bodyBytes: number;
  /** Status line and headers besides those that tell the time or the length. */
  readonly headers: string;
}

export interface Order {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const STEADY_CONNECTIONS = 256;

/** `connections` requests at once; the answers in the order of the orders, and the time of all of them. */
export async function sendClosely(
  orders: readonly Order[],
  connections: number,
): Promise<{ sent: Sent[]; milliseconds: number }> {
  const requests = toRequests(orders);
  await using pool = await openPool(orders, connections);
  const sent: Sent[] = [];
  let next = 0;
  const work = async (connection: HttpConnection) => {
    for (let at = next++; at < requests.length; at = next++) sent[at] = await send(connection, requests[at]);
  };
  const startedAt = performance.now();
  await Promise.all(pool.connections.map(work));
  const milliseconds = performance.now() - startedAt;
  return { sent: sent.map(withoutTimes), milliseconds };
}

/** Begins `perSecond` requests a second, whatever becomes of those before; times count from there. */
export async function sendSteadily(orders: readonly Order[], perSecond: number): Promise<Sent[]> {
  const requests = toRequests(orders);
  await using pool = await openPool(orders, STEADY_CONNECTIONS);
  const idle = [...pool.connections];
  const waiting: ((connection: HttpConnection) => void)[] = [];
  const begin = async (request: Buffer | undefined) => {
    const begunAt = performance.now();
    // In turn: the server closes what is idle for seconds.
    const connection = idle.shift() ?? (await new Promise<HttpConnection>((take) => void waiting.push(take)));
    const sent = await send(connection, request, begunAt);
    const take = waiting.shift();
    if (take === undefined) idle.push(connection);
    else take(connection);
    return sent;
  };
  const begun: Promise<Sent>[] = [];
  const startedAt = performance.now();
  while (begun.length < requests.length) {
    const due = Math.min(requests.length, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    while (begun.length < due) begun.push(begin(requests[begun.length]));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return (await Promise.all(begun)).map(withoutTimes);
}

function toRequests(orders: readonly Order[]): Buffer[] {
  return orders.map(({ url, headers, body }) => requestBytes(url, headers, body));
}

async function openPool([first]: readonly Order[], count: number) {
  if (first === undefined) throw new RangeError("there is nothing to send");
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(first.url)));
  return {
    connections,
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.close();
    },
  };
}

async function send(
  connection: HttpConnection,
  request: Buffer | undefined,
  begunAt = performance.now(),
): Promise<Sent> {
  if (request === undefined) throw new RangeError("there are as many orders as requests");
  const { status, head, bodyBytes } = await connection.exchange(request);
  return { status, milliseconds: performance.now() - begunAt, bodyBytes, headers: head };
}

/** Afterwards, so that it takes no time from the server. */
function withoutTimes(sent: Sent): Sent {
  return { ...sent, headers: sent.headers.replaceAll(/^(date|content-length): .*\n?/gim, "") };
}
