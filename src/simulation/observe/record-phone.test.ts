// What a recorded phone shows.

import { expect, test } from "vitest";
import { nodePhoneTools } from "../../device/node-phone-tools.ts";
import { createFakeWeb } from "../../device/testing/fake-web.ts";
import { makeArchive, makeSigner } from "../../device/testing/make-archive.ts";
import { androidReferencePhone } from "../../device/testing/preset-phones.ts";
import { recordPhone } from "./record-phone.ts";

const signer = makeSigner("999", "v1");
const at = (tree: string) => ({
  indexUrl: `https://a.example/${tree}/index.txt`,
  baseUrl: `https://a.example/${tree}`,
});

test("a recorder keeps checks, what the phone remembered then, absences, and the keys of the end", async () => {
  const archive = await makeArchive({
    signers: [signer],
    primaries: [{ keyData: new Uint8Array(16), rollingStart: 1 }],
  });
  const web = createFakeWeb({
    "https://a.example/old/index.txt": "a.zip",
    "https://a.example/old/a.zip": archive,
    "https://a.example/new/index.txt": "b.zip",
  });
  const options = { name: "p", trustedKeys: [[signer.trusted]], fetch: web.fetch, tools: nodePhoneTools };
  const first = androidReferencePhone({ ...options, ...at("old") });
  const recorder = recordPhone(first, {
    kind: "android-lenient",
    trustedKeys: options.trustedKeys,
    pollSeconds: 100,
    expects: [],
    callsPerDay: 6,
    follows: { ...at("old"), from: 0, roaming: [] },
  });
  await recorder.check(100);
  recorder.addAbsence(120, 180);
  const updated = androidReferencePhone({ ...options, ...at("new"), memory: first.memory });
  recorder.replace(updated, { ...at("new"), from: 200, roaming: [] });
  await recorder.check(200, () => true);

  const { follows, away, checks, held } = recorder.observe();
  expect(follows.map(({ indexUrl, from }) => [indexUrl, from])).toEqual([
    ["https://a.example/old/index.txt", 0],
    ["https://a.example/new/index.txt", 200],
  ]);
  expect(away).toEqual([{ from: 120, until: 180 }]);
  expect(checks.map(({ result, disturbed }) => [result.at, result.reason, disturbed])).toEqual([
    [100, null, undefined],
    [200, "file_unavailable", true],
  ]);
  expect(checks[0]?.memory).toEqual({ "https://a.example/old/index.txt": "https://a.example/old/a.zip" });
  expect(held.map(({ keyHex, firstSeenAt }) => [keyHex, firstSeenAt])).toEqual([["00".repeat(16), 100]]);
});
