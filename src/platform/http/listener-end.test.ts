// A listener that ends: what is answered, what is waited for, and what is cut off.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fastify } from "fastify";
import { afterEach, expect, test } from "vitest";
import { createListenerEnd } from "./listener-end.ts";

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

/** Longer than any test takes. */
const LONG_MILLISECONDS = 60_000;
const REQUEST = "GET /now HTTP/1.1\r\nhost: x\r\n\r\n";

async function startListener() {
  const server = fastify({ forceCloseConnections: "idle", return503OnClosing: false });
  const end = createListenerEnd(server);
  const slow = Promise.withResolvers<string>();
  const slowAsked = Promise.withResolvers<void>();
  server.get("/now", async () => "now");
  server.get("/slow", async () => {
    slowAsked.resolve();
    return slow.promise;
  });
  server.post("/body", async () => "taken");
  await server.listen({ host: "127.0.0.1", port: 0 });
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  async function ask(text: string): Promise<{ socket: Socket; answer: () => Promise<string> }> {
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    opened.push(socket);
    await once(socket, "connect");
    socket.write(text);
    const answer = async () => {
      let all = "";
      for await (const chunk of socket) all += String(chunk);
      return all;
    };
    return { socket, answer };
  }
  return { end, ask, slow, slowAsked: slowAsked.promise };
}

test("answers while it drains, and ends each connection with its answer", async () => {
  const { end, ask } = await startListener();
  const { socket } = await ask(REQUEST);
  expect(String(await once(socket, "data"))).toMatch(/connection: keep-alive/i);
  end.drain();
  socket.write(REQUEST);
  expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1.1 200[^]*connection: close[^]*now$/i);
  await once(socket, "close");
  const later = await ask(REQUEST);
  expect(await later.answer()).toMatch(/200 OK[^]*now$/);
  await end.close(LONG_MILLISECONDS);
});

test("closes half-sent requests and idle connections long before its bound", async () => {
  const { end, ask } = await startListener();
  const halves = [
    await ask(""),
    await ask("GET /no"),
    await ask("POST /body HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nhal"),
  ];
  // An answer on a connection that came later shows that those before have arrived.
  const kept = await ask(REQUEST);
  await once(kept.socket, "data");
  await end.close(LONG_MILLISECONDS);
  for (const { answer } of halves) expect(await answer().catch(() => "")).not.toContain("200");
});

test("waits for an answer that is under way", async () => {
  const { end, ask, slow, slowAsked } = await startListener();
  const { answer } = await ask("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
  await slowAsked;
  const closed = end.close(LONG_MILLISECONDS);
  slow.resolve("done");
  expect(await answer()).toMatch(/200 OK[^]*done$/);
  await closed;
});

test("but not longer than its bound", async () => {
  const { end, ask, slowAsked } = await startListener();
  const { answer } = await ask("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
  await slowAsked;
  await end.close(1);
  expect(await answer().catch(() => "")).toBe("");
});
