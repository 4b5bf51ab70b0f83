// What is wrong with the way of keys inside the server.

import { describe, expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { judgeFlow, missingSigningKeys } from "./judge-flow.ts";
import type { WatchedExport, WatchedFlow, WatchedUpstream } from "./watch-types.ts";

const NOW = 1_795_132_800;

const main: WatchedExport = {
  name: "main",
  location: "client",
  region: "XX",
  filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "region" },
  pastFilters: [],
  start: 0,
  until: null,
  exportedUntil: NOW,
  endedAt: null,
  stretches: [],
};
const mirror: WatchedUpstream = { kind: "mirror", name: "nation", location: "client", endedAt: null, waiting: 0 };
const seal = { signingKey: "seal", keyId: "262", keyVersion: "v1", publicKeyPem: "", from: NOW - DAY, until: null };
const ended = { endedAt: NOW - 60 };

const judge = (flow: Partial<WatchedFlow>, keys: readonly string[] | null = ["seal"]) =>
  judgeFlow({ exports: [], upstreams: [], locations: [{ name: "client", seals: [seal] }], ...flow }, keys, NOW).map(
    ({ kind, name, reason, since }) => `${kind} ${name} ${reason} ${NOW - since}`,
  );

describe("a location", () => {
  test.each<[string, Partial<WatchedFlow>, string[]]>([
    ["waits for its first feeder", {}, []],
    ["is fed by an export", { exports: [main] }, []],
    ["is fed by a mirror where its export has ended", { exports: [{ ...main, ...ended }], upstreams: [mirror] }, []],
    [
      "is fed by nothing since the last of them ended",
      { exports: [{ ...main, ...ended }], upstreams: [{ ...mirror, endedAt: NOW - 90 }] },
      ["location client watch_location_unfed 60"],
    ],
    ["does not care for another one's", { exports: [{ ...main, ...ended, location: "second" }] }, []],
  ])("%s", (_, flow, alarms) => {
    expect(judge(flow)).toEqual(alarms);
  });

  test("needs the signing key of the seal in force, where this process signs", () => {
    expect(judge({}, [])).toEqual([`location client watch_signing_key_missing ${DAY}`]);
    expect(judge({}, null)).toEqual([]);
    expect(missingSigningKeys([{ ...seal, from: NOW + 1 }], [], NOW)).toEqual([]);
    expect(missingSigningKeys([{ ...seal, until: NOW }], [], NOW)).toEqual([]);
    expect(missingSigningKeys([{ ...seal, signingKey: null }], [], NOW)).toEqual([]);
  });
});

test("an end that left archives is told for 14 days", () => {
  expect(judge({ upstreams: source(NOW - 5, 2) })).toEqual(["source state watch_lines_left 5"]);
  for (const left of [source(NOW - 5, 0), source(null, 2), source(NOW - 15 * DAY, 2)]) {
    expect(judge({ upstreams: left })).toEqual([]);
  }
});

function source(endedAt: number | null, waiting: number): WatchedFlow["upstreams"] {
  return [{ kind: "source", name: "state", location: null, endedAt, waiting }];
}
