// Traces by OpenTelemetry, sent by OTLP over HTTP. Loaded only where they are configured.

import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { codeOf } from "../../../core/coded-error.ts";
import type { Tracing, TracingOptions } from "./tracing-types.ts";

const EXPORT_TIMEOUT_MILLISECONDS = 5_000;
/** A collector that is not there must not hold up a stop. */
const CLOSING_MILLISECONDS = 1_000;

export function openTracing(options: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url: options.endpoint, timeoutMillis: EXPORT_TIMEOUT_MILLISECONDS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": "enks",
      "service.version": options.version,
      "service.instance.id": options.name,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.probability) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("enks");
  const current = new AsyncLocalStorage<Context>();

  function begin(name: string, kind: SpanKind, attributes: Readonly<Record<string, string | number>>) {
    const parent = current.getStore() ?? ROOT_CONTEXT;
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    return { span, context: trace.setSpan(parent, span) };
  }

  return {
    async trace(name, attributes, work) {
      const { span, context } = begin(name, SpanKind.INTERNAL, attributes);
      try {
        return await current.run(context, work);
      } catch (error) {
        markFailed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    answers: {
      begin({ listener, method, route }, go) {
        const attributes = { "http.request.method": method, "http.route": route, listener };
        const { span, context } = begin(`${method} ${route}`, SpanKind.SERVER, attributes);
        current.run(context, go);
        return (status) => {
          span.setAttribute("http.response.status_code", status);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
      },
    },
    close: () =>
      Promise.race([provider.shutdown().catch(() => undefined), wait(CLOSING_MILLISECONDS, undefined, { ref: false })]),
  };
}

/** The code only: a message may hold what somebody typed. */
function markFailed(span: Span, error: unknown): void {
  const code = codeOf(error) ?? "unexpected";
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.setAttribute("error.type", code);
}
