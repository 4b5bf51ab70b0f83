// The servers' public listeners as a host for the CDN: every request goes over HTTP.

import type { Host } from "../network/network.ts";

const TIMEOUT_MILLISECONDS = 10_000;

/** GET and HEAD only. Rejects where the listener cannot be reached. */
export const reachServers: Host = async ({ method, url, headers }) => {
  const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  return { status: response.status, headers: Object.fromEntries(response.headers), bytes: await response.bytes() };
};
