// The client of the admin API against servers that answer anything.

import { describe, expect, test } from "vitest";
import { createAdminClient } from "./admin-client.ts";
import { path } from "./admin-path.ts";
import { clientError } from "./client-error.ts";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A client whose requests are answered by `answer`, in order. */
function clientOf(...answers: (Response | Error)[]) {
  const asked: Asked[] = [];
  const client = createAdminClient({
    server: "https://admin.example",
    token: "secret",
    timeoutMilliseconds: 60_000,
    requireChosen: () => undefined,
    fetch: async (url, init = {}) => {
      asked.push({ url: url instanceof Request ? url.url : url.toString(), init });
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer left");
      return answer;
    },
  });
  return { client, asked };
}

const json = (body: unknown, init?: ResponseInit) => new Response(JSON.stringify(body), init);

test("the token is sent, and no redirect takes it elsewhere", async () => {
  const { client, asked } = clientOf(json({ ok: true }));
  expect(await client.get("/v1/exports", { limit: 2, after: undefined })).toEqual({ ok: true });
  expect(asked[0]).toMatchObject({
    url: "https://admin.example/v1/exports?limit=2",
    init: { method: "GET", redirect: "manual", headers: { authorization: "Bearer secret" } },
  });
});

test("a change is bound to the revision that was read", async () => {
  const { client, asked } = clientOf(json({}, { headers: { etag: '"3"' } }), json({}, { headers: { etag: '"4"' } }));
  const { tag } = await client.read("/v1/exports/a");
  expect(await client.change("PATCH", "/v1/exports/a", { thru: null }, { ifMatch: tag })).toEqual({
    answer: {},
    tag: '"4"',
  });
  expect(asked[1]?.init).toMatchObject({ body: '{"thru":null}', headers: { "if-match": '"3"' } });
});

describe("a list", () => {
  test("is read to its end, page by page", async () => {
    const { client, asked } = clientOf(json({ items: [1, 2], next: "b" }), json({ items: [3], next: null }));
    expect(await client.list("/v1/x")).toEqual([1, 2, 3]);
    expect(asked.map(({ url }) => url)).toEqual([
      "https://admin.example/v1/x?limit=1000",
      "https://admin.example/v1/x?limit=1000&after=b",
    ]);
  });

  test("ends where it is asked to", async () => {
    const { client, asked } = clientOf(json({ items: [1, 2], next: "b" }));
    expect(await client.list("/v1/x", {}, 2)).toEqual([1, 2]);
    expect(asked).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test("is the error that the server says", async () => {
    const refusal = { code: "export_unknown", message: "there is none", remedy: "list them", requestId: "1" };
    const { client } = clientOf(json(refusal, { status: 404 }));
    await expect(client.get("/x")).rejects.toMatchObject({
      code: "export_unknown",
      message: "there is none",
      remedy: "list them",
    });
  });

  test("that nobody foresaw has the id under which the log has its cause", async () => {
    const { client } = clientOf(json({ code: "unexpected", message: "failed", requestId: "abc" }, { status: 500 }));
    await expect(client.get("/x")).rejects.toMatchObject({ message: "failed (request abc)" });
  });
});

test.each([
  ["a page", new Response("<html></html>", { status: 200 })],
  ["a redirect", new Response(null, { status: 302, headers: { location: "https://evil.example" } })],
  ["another API", json({ error: "no" }, { status: 404 })],
  ["a refusal with success", new Response(null, { status: 204 })],
  ["an answer with code and colours", json({ code: "\u001b[31m", message: "x" }, { status: 400 })],
])("%s is no answer of an admin API", async (_, response) => {
  const { client } = clientOf(response);
  await expect(client.get("/x")).rejects.toMatchObject({ code: "answer_unusable" });
});

describe("a server that does not answer", () => {
  test("is named, with the reason below fetch's own", async () => {
    const { client } = clientOf(
      new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") }),
    );
    await expect(client.get("/x")).rejects.toMatchObject({
      code: "server_unreachable",
      message: "https://admin.example cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  test("may have made a change all the same", async () => {
    const late = new DOMException("late", "TimeoutError");
    const { client } = clientOf(late, late);
    await expect(client.post("/x")).rejects.toMatchObject({ remedy: expect.stringContaining("look before") });
    await expect(client.get("/x")).rejects.toMatchObject({
      code: "server_unreachable",
      remedy: expect.stringContaining("--timeout"),
    });
  });
});

describe("a path", () => {
  test("takes a name as one segment, whatever is in it", () => {
    expect(path`/v1/sources/${"a/b?c#d"}/files`).toBe("/v1/sources/a%2Fb%3Fc%23d/files");
  });

  test.each(["", ".", "..", "\ud800"])('has no place for "%s"', (name) => {
    expect(() => path`/v1/exports/${name}`).toThrow(expect.objectContaining({ code: "request_invalid" }));
  });
});

describe("a server that was not chosen for changes", () => {
  test("is read from, and gets no request that changes anything", async () => {
    const asked: string[] = [];
    const client = createAdminClient({
      server: "https://admin.example",
      token: "secret",
      timeoutMilliseconds: 1_000,
      requireChosen: () => {
        throw clientError("profile_unchosen", "not chosen");
      },
      fetch: async (_url, init = {}) => {
        asked.push(init.method ?? "GET");
        return json({ items: [], next: null });
      },
    });
    await client.list("/v1/exports");
    for (const change of [
      client.post("/x"),
      client.patch("/x", {}),
      client.delete("/x"),
      client.change("POST", "/x", {}),
    ]) {
      await expect(change).rejects.toMatchObject({ code: "profile_unchosen" });
    }
    expect(asked).toEqual(["GET"]);
  });
});

test("the server's clock is the one of its last answer", async () => {
  const at = (date: string) => json({}, { headers: { date } });
  const { client } = clientOf(at("Tue, 24 Nov 2026 10:00:00 GMT"), json({}), at("Tue, 24 Nov 2026 10:00:07 GMT"));
  expect(client.serverNow()).toBeNull();
  await client.get("/x");
  expect(client.serverNow()).toBe(1_795_514_400);
  await client.get("/x");
  expect(client.serverNow()).toBe(1_795_514_400);
  await client.get("/x");
  expect(client.serverNow()).toBe(1_795_514_407);
});
