// Requests over kept connections, as fast as they are answered or at a given rate, each with its time.

import { Agent, request } from "undici";

export interface Sent {
  readonly status: number;
  readonly milliseconds: number;
  readonly bodyBytes: number;
  /** Names and values of the headers besides those that tell the time. */
  readonly headers: string;
}

export interface Order {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TELLING_TIME = new Set(["date", "content-length"]);

/** `connections` requests at once; the answers in the order of the orders. */
export async function sendClosely(orders: readonly Order[], connections: number): Promise<Sent[]> {
  const agent = new Agent({ connections, pipelining: 1 });
  const sent: Sent[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < orders.length; at = next++) sent[at] = await send(agent, orders[at]);
  };
  await Promise.all(Array.from({ length: connections }, work));
  await agent.close();
  return sent;
}

/** Begins `perSecond` requests a second, whatever becomes of those before. */
export async function sendSteadily(orders: readonly Order[], perSecond: number): Promise<Sent[]> {
  const agent = new Agent({ connections: 256, pipelining: 1 });
  const begun: Promise<Sent>[] = [];
  const startedAt = performance.now();
  while (begun.length < orders.length) {
    const due = Math.min(orders.length, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    while (begun.length < due) begun.push(send(agent, orders[begun.length]));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const sent = await Promise.all(begun);
  await agent.close();
  return sent;
}

async function send(dispatcher: Agent, order: Order | undefined): Promise<Sent> {
  if (order === undefined) throw new RangeError("there are as many orders as requests");
  const startedAt = performance.now();
  const { url, headers, body } = order;
  const answer = await request(url, { method: "POST", dispatcher, headers, body });
  const { byteLength } = await answer.body.arrayBuffer();
  const milliseconds = performance.now() - startedAt;
  const named = Object.entries(answer.headers).filter(([name]) => !TELLING_TIME.has(name));
  return { status: answer.statusCode, milliseconds, bodyBytes: byteLength, headers: JSON.stringify(named) };
}
