// What of a seal has to be asked for by its name.

import { expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { findDoubts, requireMeant } from "./find-doubts.ts";
import type { Feeder, Seal } from "./location-types.ts";

const NOW = 1_795_514_400;
const first: Seal = { signingKey: "a", keyId: "310", keyVersion: "v1", publicKeyPem: "A", from: 0, until: null };
const next: Seal = { ...first, signingKey: "b", keyVersion: "v2", publicKeyPem: "B", from: NOW };
const exporter: Feeder = { kind: "export", name: "main", signs: true };
const copier: Feeder = { kind: "mirror", name: "state", signs: false };

const namesOf = (wanted: Partial<Seal>, seals: readonly Seal[] = [first], feeders: readonly Feeder[] = []) =>
  findDoubts(seals, { ...next, ...wanted }, feeders, NOW).map(({ name }) => name);

test("a rotation as it should be raises none", () => {
  expect(namesOf({}, [first], [exporter, copier])).toEqual([]);
  expect(namesOf({ from: NOW + 365 * DAY })).toEqual([]);
  expect(namesOf({ keyId: "", keyVersion: "" })).toEqual([]);
  // Back to the first key, after another one.
  expect(namesOf({ ...first, from: NOW + DAY }, [first, next])).toEqual([]);
});

test.each<[string, Partial<Seal>, Seal[], Feeder[], string[]]>([
  ["a version for an id", { keyId: "v1", keyVersion: "310" }, [], [], ["swapped-name"]],
  [
    "the names of another seal crossed",
    { keyId: "1", keyVersion: "us" },
    [{ ...first, keyId: "us", keyVersion: "1" }],
    [],
    ["swapped-name"],
  ],
  ["the seal in force", { ...first, from: NOW }, [first], [], ["same-again"]],
  ["a seal that is planned", { from: NOW }, [first, { ...next, from: NOW + DAY }], [], ["same-again"]],
  ["a slip of the year", { from: NOW + 367 * DAY }, [first], [], ["years-ahead"]],
  ["a key of others beside an export", { signingKey: null }, [first], [exporter], ["foreign-key"]],
  ["a key of others beside a copy", { signingKey: null }, [first], [copier], []],
])("%s", (_, wanted, seals, feeders, expected) => {
  expect(namesOf(wanted, seals, feeders)).toEqual(expected);
});

test("what is named is meant, and everything else is refused", () => {
  const doubts = findDoubts([], { ...next, keyId: "v1", keyVersion: "310", from: NOW + 999 * DAY }, [], NOW);
  requireMeant("client", doubts, ["years-ahead", "swapped-name"]);
  expect(() => requireMeant("client", doubts, ["years-ahead"])).toThrow(
    expect.objectContaining({
      code: "location_seal_doubtful",
      message: expect.stringMatching(/looks like a version/),
      remedy: expect.stringContaining("swapped-name,years-ahead"),
    }),
  );
});
