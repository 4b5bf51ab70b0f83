// Operations beside objects on one listener: bytes in, words out, and refusals in the feature's own form.

import { request as requestNow } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryBlobs } from "../blobs/memory-blobs.ts";
import { reportNothing } from "../observe/report.ts";
import { type ObjectServer, startObjectServer } from "./object-server.ts";
import type { PublicRequest, PublicRoute } from "./public-route.ts";

const seen: PublicRequest[] = [];

const route: PublicRoute = {
  path: "/v1/publish",
  methods: ["POST"],
  maxBodyBytes: 100,
  async answer(request) {
    seen.push(request);
    const body = new TextDecoder().decode(request.body);
    if (body === "fail") throw new Error("a fault");
    if (body === "hang") await new Promise<never>(() => undefined);
    return { status: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' };
  },
  refuse: (status, why) => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify({ why }) }),
};

let server: ObjectServer;

async function start(trustedProxies: readonly string[]): Promise<void> {
  server = await startObjectServer({
    blobs: createMemoryBlobs(),
    host: "127.0.0.1",
    port: 0,
    report: reportNothing,
    isPublic: () => true,
    operations: { routes: [route], clock: { now: () => 1_795_000_000 }, answerMilliseconds: 200 },
    trustedProxies,
  });
}

beforeEach(async () => {
  seen.length = 0;
  await start(["127.0.0.1"]);
});

afterEach(() => server.close());

test.each([
  "application/json;",
  "application/json; charset",
  "application/jsonx",
  "x",
  "a/b, c/d",
  'application/json;charset="utf-8',
])("the content type %s is handed on as it is: the feature judges it", async (contentType) => {
  expect((await post("ok", { "content-type": contentType })).status).toBe(200);
  expect(seen[0]?.headers["content-type"]).toBe(contentType);
  expect(new TextDecoder().decode(seen[0]?.body)).toBe("ok");
});

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/v1/publish`, { method: "POST", body, headers });
}

describe("operations of the public listener", () => {
  test("that do not come to an end are answered all the same, before the connection would break", async () => {
    const answer = await post("hang");
    expect([answer.status, await answer.json()]).toEqual([503, { why: "the server cannot answer at present" }]);
  });

  test.each(["application/json", "text/plain", "x/y; charset=none"])(
    "get the bytes of a body, of type %s too",
    async (type) => {
      const answer = await post('{"a": 1}', { "content-type": type });
      expect([answer.status, await answer.text()]).toEqual([200, '{"ok":true}']);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(new TextDecoder().decode(seen[0]?.body)).toBe('{"a": 1}');
      expect(seen[0]).toMatchObject({ method: "POST", now: 1_795_000_000, headers: { "content-type": type } });
    },
  );

  test("that fail are not the client's fault", async () => {
    const answer = await post("fail");
    expect([answer.status, await answer.json()]).toEqual([503, { why: "the server cannot answer at present" }]);
  });

  test("get an empty body as no bytes", async () => {
    await post("");
    expect(seen[0]?.body).toHaveLength(0);
  });

  test("word the refusal of a body that is too large, told or not", async () => {
    const told = await post("x".repeat(101));
    expect([told.status, await told.json()]).toEqual([413, { why: "the body is too large" }]);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const asking = requestNow(`${server.url}/v1/publish`, { method: "POST" }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asking.on("error", reject);
      asking.write("x".repeat(60));
      asking.end("x".repeat(60));
    });
    expect(chunked).toBe(413);
    expect(seen).toEqual([]);
  });

  test.each(["GET", "PUT", "DELETE", "OPTIONS"])("word the refusal of %s", async (method) => {
    const answer = await fetch(`${server.url}/v1/publish`, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await answer.json()).toEqual({ why: "only POST is allowed here" });
  });

  test("see the client behind a proxy that is trusted, and nobody else's word", async () => {
    await post("{}", { "x-forwarded-for": "198.51.100.7" });
    expect(seen[0]).toMatchObject({ clientAddress: "198.51.100.7", isForwardUnread: false });
    await server.close();
    await start([]);
    await post("{}", { "x-forwarded-for": "198.51.100.7" });
    expect(seen[1]).toMatchObject({ clientAddress: "127.0.0.1", isForwardUnread: true });
    await post("{}");
    expect(seen[2]).toMatchObject({ isForwardUnread: false });
  });

  test("leave objects as they are: no body, no other method", async () => {
    const answers = await Promise.all([
      fetch(`${server.url}/v1/other`, { method: "POST", body: "x" }),
      fetch(`${server.url}/v1/publish/`),
      fetch(`${server.url}/state/index.txt`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([405, 404, 404]);
  });
});
