// Updates come after the history (DB I25).

import { expect, test } from "vitest";
import { updateAfterHistory } from "./i25-update-after-history.ts";
import {
  archiveOf,
  hour,
  keyHexOf,
  lineOf,
  makeKey,
  makeObserved,
  makePhone,
  makeTree,
  OTHER_SEAL,
  recordOf,
} from "./testing/make-observed.ts";

const WITH_KEY = { primaries: [recordOf("anna")] };

function judge(content: Parameters<typeof archiveOf>[1], updatedAt = hour(20), seal = {}) {
  const from = makeTree({ archives: [archiveOf(0, { content: WITH_KEY }), archiveOf(1), archiveOf(2), archiveOf(3)] });
  const others = [1, 2, 3].map((n) => archiveOf(n, { content: seal }));
  const to = makeTree({ name: "national", role: "national", archives: [archiveOf(0, content), ...others] });
  const events = [{ at: updatedAt, kind: "app-updated" as const, phone: "phone", from: "client", to: "national" }];
  return updateAfterHistory.check(
    makeObserved({ trees: [from, to], phones: [makePhone()], keys: [makeKey("anna")], events }),
  );
}

test("an index with the same keys under a trusted seal is good", () => {
  expect(judge({ content: WITH_KEY })).toBeNull();
});

test("a key that the new index lacks is found", () => {
  expect(judge({})).toMatchObject({ at: hour(20), where: "phone", witness: keyHexOf("anna") });
});

test("a key that was released a moment ago may be under way", () => {
  expect(judge({}, hour(7))).toBeNull();
});

test("a seal that the phone does not trust is found", () => {
  const seal = { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] };
  expect(judge({ content: WITH_KEY }, hour(20), seal)).toMatchObject({
    at: hour(20),
    where: "phone",
    witness: lineOf(3),
  });
});
