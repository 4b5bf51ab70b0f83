// Two administrators who change the same thing at once, each with a command line of their own.

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type LiveServer, makeLiveServer } from "../support/live-server.ts";
import { type Ended, runCommand } from "../support/serve-process.ts";

/** A way to the admin API on which the first change waits for what `meanwhile` does. */
async function startSlowWay(to: string, meanwhile: () => Promise<void>) {
  let waiting: Promise<void> | undefined;
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const isChange = request.method !== "GET";
    if (isChange) await (waiting ??= meanwhile());
    const { authorization = "", "if-match": match } = request.headers;
    const headers = { authorization, "content-type": "application/json", ...(match ? { "if-match": match } : {}) };
    const answer = await fetch(to + request.url, {
      method: request.method ?? "",
      headers,
      ...(isChange ? { body } : {}),
    });
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "",
      etag: answer.headers.get("etag") ?? "",
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => void pass(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return { url, [Symbol.dispose]: () => void server.close() };
}

function apply(server: LiveServer, url: string, maxRecords: number): Promise<Ended> {
  const file = `${server.folder}-${maxRecords}.yaml`;
  writeFileSync(file, `exports:\n  - { name: main, location: client, region: XX, maxRecords: ${maxRecords} }\n`);
  return runCommand(["apply", "-f", file, "--yes", "--server", url, "--token", server.token]);
}

test("the second is refused, told what to do, and loses nothing of the first", async () => {
  await using server = await makeLiveServer();
  await server.start();
  let first: Ended | undefined;
  using slowWay = await startSlowWay(server.adminUrl(), async () => {
    first = await apply(server, server.adminUrl(), 200);
  });

  const second = await apply(server, slowWay.url, 300);
  expect(first).toMatchObject({ code: 0, errors: "" });
  expect(second).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^error changed_meanwhile: .*\nRead it again, and decide again\.\n/),
  });
  expect(await server.ask("/v1/exports/main")).toMatchObject({ body: { maxRecords: 200 } });
  const { body } = await server.ask("/v1/audit?kind=export&name=main&limit=2");
  expect(body).toMatchObject({
    items: [
      { outcome: "refused", code: "changed_meanwhile" },
      { outcome: "done", before: { maxRecords: 100 }, after: { maxRecords: 200 } },
    ],
  });

  expect(await apply(server, server.adminUrl(), 300)).toMatchObject({ code: 0 });
  expect(await server.ask("/v1/exports/main")).toMatchObject({ body: { maxRecords: 300 } });
});
