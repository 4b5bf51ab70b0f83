// Archives that phones refused although nothing disturbed them.

import type { UnixSeconds } from "../../core/clock.ts";
import type { ObservedPhone } from "./observed.ts";

export interface ObservedRefusal {
  readonly at: UnixSeconds;
  readonly phone: string;
  /** The line. */
  readonly name: string;
  readonly reason: string;
}

/** Also what a system dropped without telling. A phone to which no key has come yet says nothing about archives. */
export function* refusalsOf({ name: phone, checks }: ObservedPhone): Generator<ObservedRefusal> {
  for (const { result, disturbed } of checks) {
    if (disturbed) continue;
    for (const { name, reason } of [...result.refused, ...result.dropped]) {
      if (reason === "public_key_missing" || reason === "bytes_known") continue;
      yield { at: result.at, phone, name, reason };
    }
  }
}
