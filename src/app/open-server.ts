// A server on the adapters that its configuration names, with its public listener; somebody else runs its jobs.

import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { ContentFilter } from "../features/locations/filter-content.ts";
import type { Config } from "../platform/config/config.ts";
import { startObjectServer } from "../platform/http/object-server.ts";
import type { Report } from "../platform/observe/report.ts";
import type { Pace } from "../platform/time/pace.ts";
import { createServer, type Server } from "./create-server.ts";
import { openParts } from "./open-parts.ts";
import { PartStack } from "./part-stack.ts";

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly uploadRandom?: Random;
  readonly report: Report;
  readonly pace?: Pace;
  readonly filter?: ContentFilter;
}

export interface OpenServer extends Server {
  /** Where the published trees are: `<url>/<location>/index.txt`. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/** Opens everything, or closes again what was opened before the failure. */
export async function openServer(config: Config, surroundings: Surroundings): Promise<OpenServer> {
  const opened = new PartStack();
  try {
    const parts = { ...(await openParts(config, opened)), ...surroundings };
    const server = await createServer(parts, config);
    // The store holds nothing but published trees.
    const start = () =>
      startObjectServer({
        blobs: parts.blobs,
        ...config.publicListener,
        report: surroundings.report,
        isPublic: () => true,
        operations: { routes: server.publicRoutes, clock: surroundings.clock },
      });
    const listener = await opened.open("public listener", start, (open) => open.close());
    return { ...server, publicUrl: listener.url, close: () => opened.closeAll() };
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
}
