// What time it is by the clock of the server that answered (RFC 9110, 6.6.1; RFC 9111, 5.1).

import type { UnixSeconds } from "../../core/clock.ts";
import { headerOf } from "./response-header.ts";

const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The answer's `Date` and, where a cache had it, its `Age`; null where they do not say. */
export function servedAt(headers: Readonly<Record<string, string | string[] | undefined>>): UnixSeconds | null {
  const date = headerOf(headers, "date");
  const age = headerOf(headers, "age") ?? "0";
  if (date === null || !IMF_FIXDATE.test(date) || !/^\d{1,9}$/.test(age)) return null;
  const at = Date.parse(date);
  return Number.isNaN(at) ? null : Math.floor(at / 1_000) + Number(age);
}
