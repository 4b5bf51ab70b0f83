// Names that the public listener does not answer with the object of that name.

import { PROBE_PREFIX } from "../blobs/probe-blobs.ts";

/** What the listener answers itself; features may add to it only what stands here. */
export const RESERVED_PATHS = ["/health", "/v1/publish", "/v1/stats", "/v1/openapi.json"] as const;

/** Whether phones could never have an object of this name. */
export function isReservedName(object: string): boolean {
  return object.startsWith(PROBE_PREFIX) || RESERVED_PATHS.some((path) => path === `/${object}`);
}
