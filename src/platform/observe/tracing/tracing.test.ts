// Traces at a collector of our own.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { CodedError } from "../../../core/coded-error.ts";
import { startTracing } from "./tracing.ts";

interface SeenSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

async function startCollector() {
  const bodies: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    bodies.push(await text(request));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const spans = (): SeenSpan[] =>
    bodies.flatMap((body) =>
      JSON.parse(body).resourceSpans.flatMap((one: { scopeSpans: { spans: SeenSpan[] }[] }) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { url: `http://127.0.0.1:${port}/v1/traces`, bodies, spans, close: () => void server.close() };
}

const options = (endpoint: string, probability: number) => ({ endpoint, probability, name: "state", version: "1" });

test("spans arrive with their parents, their attributes and the code of a failure, not its message", async () => {
  const collector = await startCollector();
  const tracing = await startTracing(options(collector.url, 1));
  const failing = tracing.trace("job import", { job: "import" }, () =>
    tracing.trace("import.archive", { source: "state", keys: 3 }, () =>
      Promise.reject(new CodedError("archive_unsigned", "secret details")),
    ),
  );
  await expect(failing).rejects.toThrow("secret details");
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const end = tracing.answers.begin({ listener: "admin", method: "POST", route: "/v1/exports" }, () => {
    void tracing.trace("inner", {}, async () => undefined).then(resolve);
  });
  await answered;
  end(503);
  await tracing.close();
  collector.close();

  const spans = new Map(collector.spans().map((span) => [span.name, span]));
  expect([...spans.keys()].toSorted()).toEqual(["POST /v1/exports", "import.archive", "inner", "job import"]);
  const job = spans.get("job import");
  expect(spans.get("import.archive")).toMatchObject({ parentSpanId: job?.spanId, traceId: job?.traceId });
  expect(spans.get("inner")?.parentSpanId).toBe(spans.get("POST /v1/exports")?.spanId);
  expect(spans.get("import.archive")?.status).toEqual({ code: 2, message: "archive_unsigned" });
  expect(spans.get("POST /v1/exports")?.attributes).toContainEqual({
    key: "http.response.status_code",
    value: { intValue: 503 },
  });
  const all = collector.bodies.join("\n");
  expect(all).toContain('"service.name"');
  expect(all).not.toContain("secret details");
});

test("with probability 0 nothing is sent", async () => {
  const collector = await startCollector();
  const tracing = await startTracing(options(collector.url, 0));
  await tracing.trace("job", {}, async () => undefined);
  await tracing.close();
  collector.close();
  expect(collector.bodies).toEqual([]);
});

test("a collector that is not there disturbs nothing", async () => {
  const tracing = await startTracing(options("http://127.0.0.1:1/v1/traces", 1));
  expect(await tracing.trace("job", {}, async () => 7)).toBe(7);
  await tracing.close();
});

test("without a configuration the work is just done", async () => {
  const tracing = await startTracing(null);
  expect(await tracing.trace("job", {}, async () => 7)).toBe(7);
  let went = 0;
  tracing.answers.begin({ listener: "public", method: "GET", route: "/*" }, () => void went++)(200);
  expect(went).toBe(1);
});
