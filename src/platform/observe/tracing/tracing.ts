// Tracing where it is configured, and none otherwise.

import { traceNothing } from "../trace.ts";
import type { Tracing, TracingOptions } from "./tracing-types.ts";

/** Traces that cannot be sent are dropped; nothing else depends on them. */
export async function startTracing(options: TracingOptions | null): Promise<Tracing> {
  if (options === null) return NO_TRACING;
  const { openTracing } = await import("./open-tracing.ts");
  return openTracing(options);
}

const NO_TRACING: Tracing = {
  trace: traceNothing,
  answers: {
    begin(_asked, go) {
      go();
      return () => undefined;
    },
  },
  close: async () => undefined,
};
