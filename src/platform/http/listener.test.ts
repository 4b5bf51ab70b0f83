// Listeners that cannot be opened say why.

import { fastify } from "fastify";
import { afterEach, expect, test } from "vitest";
import { listen } from "./listener.ts";

const servers = [fastify(), fastify()];
const [first, second] = servers;
if (first === undefined || second === undefined) throw new Error("two servers");
afterEach(() => Promise.all(servers.map((server) => server.close())));

test("a port that is in use, and an address of another machine", async () => {
  const url = await listen(first, { host: "127.0.0.1", port: 0 }, "adminListener");
  const port = Number(new URL(url).port);
  const taken = listen(second, { host: "127.0.0.1", port }, "adminListener");
  await expect(taken).rejects.toMatchObject({
    code: "listener_port_in_use",
    message: `port ${port} on 127.0.0.1 is in use`,
    remedy: "Stop the program that uses it, or set another port in adminListener.",
  });
  const elsewhere = listen(fastify(), { host: "192.0.2.1", port: 0 }, "publicListener");
  await expect(elsewhere).rejects.toMatchObject({ code: "listener_address_unusable" });
});
