// Hostile requests to the admin server: each is refused with a code, and the server goes on.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { createTreeTable, treeRoutes } from "../support/tree-routes.ts";

describeOnEachDatabase("a hostile request", (open) => {
  let world: AdminWorld;
  /** The same, but with so little patience that others would be cut off on a busy machine. */
  let impatient: AdminWorld;
  const make = async (requestTimeoutMilliseconds: number) => {
    const database = await open([administrationMigrations]);
    await createTreeTable(database);
    return startAdminWorld({ database, routes: treeRoutes(), requestTimeoutMilliseconds });
  };
  beforeAll(async () => {
    [world, impatient] = [await make(60_000), await make(500)];
  });
  afterAll(() => Promise.all([world.close(), impatient.close()]));
  afterEach(async () => {
    expect((await world.auditor.get("/v1/trees")).status).toBe(200);
    expect(world.reported.filter(({ event }) => event === "admin.request-failed")).toEqual([]);
  });

  const authorization = () => `Bearer ${world.administrator.token}`;

  async function post(
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    headers: Record<string, string> = {},
    path = "/v1/trees",
  ) {
    const response = await fetch(`${world.url}${path}`, {
      method: "POST",
      headers: { authorization: authorization(), "content-type": "application/json", ...headers },
      body,
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    });
    return [response.status, ((await response.json()) as { code: string }).code];
  }

  async function openSocket({ url } = world): Promise<Socket> {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    return socket;
  }

  /** Sends these bytes as they are and answers everything that comes back. */
  async function exchange(bytes: string | Uint8Array): Promise<string> {
    const socket = await openSocket();
    socket.write(bytes);
    return text(socket);
  }

  const head = (...lines: string[]) =>
    [`POST /v1/trees HTTP/1.1`, "host: x", `authorization: ${authorization()}`, ...lines, "", ""].join("\r\n");

  describe("bodies", () => {
    test("larger than allowed, announced or not", async () => {
      const large = JSON.stringify({ name: "elm", note: "x".repeat(256 * 1024) });
      expect(await post(large)).toEqual([413, "body_too_large"]);
      const stream = () => new Blob([large]).stream();
      expect(await post(stream())).toEqual([413, "body_too_large"]);
    });

    test.each(["host: y", "authorization: Bearer other", "content-type: text/plain"])(
      "behind a header that is there twice are not read: %s",
      async (header) => {
        const received = await exchange(head("content-type: application/json", "content-length: 2", header) + "{}");
        expect(answersIn(received)).toEqual(["400", "request_malformed", 1]);
      },
    );

    test("that announce terabytes are not waited for", async () => {
      const received = await exchange(head("content-type: application/json", "content-length: 9999999999999"));
      expect(answersIn(received)).toEqual(["413", "body_too_large", 1]);
    });

    test.each<[string, string | Uint8Array<ArrayBuffer>]>([
      ["half of it", '{"name":"elm"'],
      ["two of them", '{"name":"elm"}{"name":"oak"}'],
      ["a single quote", "{'name':'elm'}"],
      ["a raw control character", '{"name":"e\nlm"}'],
      ["a byte order mark", "\ufeff\ufeff{}"],
      ["no number", '{"name":NaN}'],
      ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
      ["UTF-16", new Uint8Array([0x7b, 0, 0x7d, 0])],
      ["a surrogate as UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
      ["zero bytes", new Uint8Array(100)],
    ])("that are no JSON: %s", async (_, body) => {
      expect(await post(body)).toEqual([400, "json_malformed"]);
    });

    test.each<[string, string]>([
      ["NUL", '{"name":"e\\u0000lm"}'],
      ["NUL in an optional member", '{"name":"elm","note":"\\u0000"}'],
      ["half a surrogate pair", '{"name":"\\ud800"}'],
      ["a prototype", '{"name":"elm","__proto__":{"height":9}}'],
      ["a constructor", '{"name":"elm","constructor":{"prototype":{"height":9}}}'],
      ["an unknown member", '{"name":"elm","height":9}'],
      ["deep lists", `{"name":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
      ["deep objects", `${'{"name":'.repeat(20_000)}1${"}".repeat(20_000)}`],
      ["no object", "7"],
      ["nothing", ""],
      ["null", "null"],
      ["a list", "[]"],
    ])("that are not as described: %s", async (_, body) => {
      expect(await post(body)).toEqual([400, "request_invalid"]);
    });

    test("leave no trace on what all objects inherit", async () => {
      await post('{"name":"elm","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
      expect("polluted" in {}).toBe(false);
    });

    test.each([
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "x",
      "application/json-patch+json",
    ])("of the type %s", async (type) => {
      expect(await post("{}", { "content-type": type })).toEqual([415, "content_type_unsupported"]);
    });

    test("of an encoding that nobody undoes", async () => {
      expect(await post(new Uint8Array([31, 139, 8, 0]), { "content-encoding": "gzip" })).toEqual([
        400,
        "json_malformed",
      ]);
    });

    test("with a question", async () => {
      const request = head("content-length: 2", "connection: close").replace("POST", "GET");
      expect(answersIn(await exchange(`${request}{}`))).toEqual(["413", "body_not_allowed", 1]);
    });

    test("of whoever has no token are not read", async () => {
      const request = head("content-type: application/json", "content-length: 200000").replace(
        /authorization.*\r\n/,
        "",
      );
      expect(answersIn(await exchange(`${request}{`))).toEqual(["401", "token_missing", 1]);
    });

    test("whatever is in them", async () => {
      await fc.assert(
        fc.asyncProperty(fc.json({ stringUnit: "binary" }), async (json) => {
          expect(await post(json)).toEqual([400, "request_invalid"]);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe("paths and queries", () => {
    test.each([
      ["/v1/trees/a%00b", "request_invalid"],
      ["/v1/trees?after=%00", "request_invalid"],
      ["/v1/trees?limit=0", "request_invalid"],
      ["/v1/trees?limit=1001", "request_invalid"],
      ["/v1/trees?limit=1e2", "request_invalid"],
      ["/v1/trees?limit=", "request_invalid"],
      ["/v1/trees?limit=1&limit=2", "request_invalid"],
      ["/v1/trees?color=green", "request_invalid"],
      ["/v1/trees?__proto__=1", "request_invalid"],
      ["/v1/trees?constructor[prototype]=1", "request_invalid"],
      ["/v1/audit?after=-1", "request_invalid"],
      ["/v1/audit?after=9999999999999999", "request_invalid"],
      ["/v1/audit?after=1%3Bdrop", "request_invalid"],
      ["/v1/audit?name=%00", "request_invalid"],
      [`/v1/trees/${"x".repeat(101)}`, "request_invalid"],
      [`/v1/trees/${"x".repeat(2_000)}`, "request_malformed"],
      ["/v1/trees/%", "request_malformed"],
      ["/v1/trees/%ff", "request_malformed"],
      ["/v1/trees/%c0%80", "request_malformed"],
    ])("%s", async (path, code) => {
      const { status, body } = await world.administrator.get(path);
      expect([status, body]).toMatchObject([400, { code }]);
    });

    test.each(["/v1/trees/a%2Fb", "/v1/trees/..%2F..", "/v1/trees/'%3B drop table tree--", "/v1/trees/__proto__"])(
      "a name is only a name: %s",
      async (path) => {
        const { status, body } = await world.administrator.get(path);
        expect([status, body]).toMatchObject([404, { code: "mirror_unknown" }]);
      },
    );

    test("whatever is in them", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), async (name) => {
          const { status } = await world.administrator.get(
            `/v1/trees/${encodeURIComponent(name)}`.replace(/\.+$/, "x"),
          );
          expect([400, 404]).toContain(status);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe("what is hardly HTTP", () => {
    test("headers larger than allowed", async () => {
      expect(answersIn(await exchange(head(`x: ${"y".repeat(20_000)}`)))).toEqual(["431", "headers_too_large", 1]);
    });

    test.each([
      ["no HTTP", "hello\r\n\r\n"],
      ["an unknown method", "STEAL /v1/trees HTTP/1.1\r\nhost: x\r\n\r\n"],
      ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ])("%s", async (_, bytes) => {
      expect(answersIn(await exchange(bytes))).toEqual(["400", "request_malformed", 1]);
    });

    test.each([
      ["two lengths", ["content-length: 2", "content-length: 3"]],
      ["a length and chunks", ["content-length: 2", "transfer-encoding: chunked"]],
      ["chunks that are not last", ["transfer-encoding: chunked, identity"]],
      ["a length with a sign", ["content-length: +2"]],
      ["a name with a space", ["content-length : 2"]],
      ["a folded header", ["x: a", " b: c", "content-length: 2"]],
      ["a lone line feed in a value", ["x: a\ncontent-length: 2"]],
      ["NUL in a value", ["x: a\0b"]],
    ])("a request that two readers would read differently: %s", async (_, lines) => {
      const hidden = "GET /v1/trees HTTP/1.1\r\nhost: x\r\n\r\n";
      const received = await exchange(`${head("content-type: application/json", ...lines)}{}${hidden}`);
      const [status, code, count] = answersIn(received);
      expect([status, count]).toEqual(["400", 1]);
      expect(code).toMatch(/^request_(malformed|invalid)$/);
    });

    test("one that arrives too slowly", async () => {
      const socket = await openSocket(impatient);
      socket.write("GET /v1/trees HTTP/1.1\r\nhost: x\r\n");
      expect(answersIn(await text(socket))).toEqual(["408", "request_timeout", 1]);
    });

    test("one whose body never ends", async () => {
      const socket = await openSocket(impatient);
      const lines = head("content-type: application/json", "content-length: 100");
      socket.write(`${lines.replace(world.administrator.token, impatient.administrator.token)}{`);
      expect(answersIn(await text(socket))).toEqual(["408", "request_timeout", 1]);
    });

    test("one that breaks off in the middle of its body", async () => {
      const socket = await openSocket();
      socket.end(`${head("content-type: application/json", "content-length: 100")}{`);
      await text(socket);
    });
  });
});

/** The status, the code, and how many answers came in all. */
function answersIn(received: string): [status: string, code: string, count: number] {
  const answers = received.split("HTTP/1.1 ").slice(1);
  const code = /"code":"(\w+)"/.exec(answers[0] ?? "")?.[1] ?? "";
  return [answers[0]?.slice(0, 3) ?? "", code, answers.length];
}
