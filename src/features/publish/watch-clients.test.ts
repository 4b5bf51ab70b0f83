// When a proxy in front is noticed.

import { expect, test } from "vitest";
import { type ClientTrouble, createClientWatch, JUDGED } from "./watch-clients.ts";

/** What is said of so many requests, in order and without silence. */
function troubles(count: number, client: (at: number) => { address: string; isForwardUnread?: boolean }) {
  const watch = createClientWatch();
  const said: ClientTrouble[] = [];
  for (let at = 0; at < count; at++) {
    const trouble = watch.note({ isForwardUnread: false, ...client(at) });
    if (trouble !== null) said.push(trouble);
  }
  return said;
}

test("a proxy that is not trusted is noticed, by its header or by making nearly all requests", () => {
  expect(troubles(JUDGED, () => ({ address: "10.0.0.1", isForwardUnread: true }))).toEqual(["forwarded_by_untrusted"]);
  expect(troubles(2 * JUDGED, (at) => ({ address: at % 50 === 0 ? "::1" : "10.0.0.1" }))).toEqual([
    "one_address",
    "one_address",
  ]);
});

const many = (at: number) => ({ address: `192.0.2.${at % 40}`, isForwardUnread: at % 3 === 0 });

test("many clients, and strangers among them who send the header, are as they should be", () => {
  expect(troubles(10 * JUDGED, many)).toEqual([]);
  expect(troubles(JUDGED - 1, () => ({ address: "10.0.0.1" }))).toEqual([]);
});
