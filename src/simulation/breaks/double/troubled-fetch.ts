// A server's network with troubles at fixed times: a request or two get another answer than they should.

import type { Clock, UnixSeconds } from "../../../core/clock.ts";
import type { DeviceFetch, DeviceResponse } from "../../../device/download.ts";

export interface Trouble {
  readonly from: UnixSeconds;
  readonly until: UnixSeconds;
  /** Which URLs it may hit; of those only the first that is asked for. */
  readonly on: "index" | "archive";
  readonly answer: DeviceResponse;
}

export function createTroubledFetch(fetch: DeviceFetch, clock: Clock, troubles: readonly Trouble[]): DeviceFetch {
  const hit = new Map<Trouble, string>();
  return (url) => {
    const kind = url.endsWith(".txt") ? "index" : "archive";
    for (const trouble of troubles) {
      if (trouble.on !== kind || clock.now() < trouble.from || trouble.until <= clock.now()) continue;
      if ((hit.get(trouble) ?? url) !== url) continue;
      hit.set(trouble, url);
      return Promise.resolve(trouble.answer);
    }
    return fetch(url);
  };
}
