// Plans: what a tree asks for beside what a server has.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../../test/support/certificates.ts";
import { isoTime } from "../../core/clock.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { planTree } from "./plan-tree.ts";
import { readTree } from "./read-tree.ts";
import { KINDS } from "./tree-kinds.ts";
import { type CurrentItem, type CurrentTree, SECTIONS } from "./tree-types.ts";
import { writeTree } from "./write-tree.ts";

const NOW = 1_795_514_400;
const NOTHING: CurrentTree = {
  signingKeys: [],
  locations: [],
  exports: [],
  sources: [],
  mirrors: [],
  authorities: [],
  apps: [],
  principals: [],
};
const SEAL = { signingKey: "ours", keyId: "262", keyVersion: "v1", from: "1970-01-01T00:00:00Z" };

function itemOf(values: CurrentItem["values"], more: Partial<CurrentItem> = {}): CurrentItem {
  return { name: "a", values, parts: [], tag: '"7"', closed: null, ...more };
}

function authorityOf(...parts: CurrentItem["parts"]): CurrentItem {
  return itemOf({ iss: "i", aud: "a", jwksUrl: "none" }, { parts });
}

/** What is planned where an authority is to have `keys` and has `parts`. */
function planKeys(keys: readonly CurrentItem["values"][], ...parts: CurrentItem["parts"]) {
  const authorities = [{ name: "a", values: { iss: "i", aud: "a" }, parts: keys }];
  return planTree({ ...readTree("", "a"), authorities }, { ...NOTHING, authorities: [authorityOf(...parts)] }, NOW)
    .items;
}

function plan(text: string, current: Partial<CurrentTree> = {}) {
  return planTree(readTree(text, "a"), { ...NOTHING, ...current }, NOW);
}

describe("what is not there is made", () => {
  test("in the order in which one needs the other, in the words of the API", () => {
    const { items } = plan(`
exports: [{ name: e, location: l, region: XX, period: 4h, from: -1h, thru: never }]
locations: [{ name: l, grace: 1d, seals: [{ signingKey: k, keyId: "1", keyVersion: a }, { signingKey: k, keyId: "1", keyVersion: b, from: +1h }] }]
signingKeys: [k]`);
    expect(items.map(({ resource, outcome }) => `${outcome} ${resource}`)).toEqual([
      "create signing-key k",
      "create location l",
      "create export e",
    ]);
    expect(items.flatMap(({ requests }) => requests)).toEqual([
      { method: "POST", path: "/v1/signing-keys", body: { name: "k" } },
      {
        method: "POST",
        path: "/v1/locations",
        body: { name: "l", graceSeconds: 86_400, seal: { signingKey: "k", keyId: "1", keyVersion: "a" } },
      },
      {
        method: "POST",
        path: "/v1/locations/l/seals",
        body: { signingKey: "k", keyId: "1", keyVersion: "b", from: "2026-11-24T11:00:00Z" },
        part: 1,
      },
      {
        method: "POST",
        path: "/v1/exports",
        body: {
          name: "e",
          location: "l",
          region: "XX",
          periodSeconds: 14_400,
          from: "2026-11-24T09:00:00Z",
          thru: null,
        },
      },
    ]);
  });

  test("a location without a seal is impossible, and a mirror that trusts nobody", () => {
    const { items } = plan(`
locations: [{ name: l }]
mirrors: [{ name: m, location: l, region: X, indexUrl: "http://a/i", baseUrl: "http://a/" }]`);
    expect(items).toMatchObject([
      { outcome: "impossible", reasons: ["it needs at least one seal"] },
      { outcome: "impossible", reasons: ["it needs at least one trusted key"] },
    ]);
  });
});

describe("what is there", () => {
  const location = itemOf({ retention: "14d", grace: "2d", linePrefix: "" }, { parts: [{ id: null, values: SEAL }] });

  test("is changed where the file says otherwise, for the revision that was read", () => {
    const { items } = plan("locations: [{ name: a, retention: 15d, grace: 48h }]", { locations: [location] });
    expect(items).toMatchObject([
      {
        outcome: "change",
        tag: '"7"',
        changes: [{ field: "retention", before: "14d", after: "15d" }],
        requests: [{ method: "PATCH", path: "/v1/locations/a", body: { retentionSeconds: 15 * 86_400 } }],
      },
    ]);
  });

  test("cannot change in what is fixed", () => {
    const { items } = plan('locations: [{ name: a, linePrefix: "b/", grace: 3d }]', { locations: [location] });
    expect(items).toMatchObject([
      { outcome: "impossible", reasons: ["linePrefix cannot change once the location is there"] },
    ]);
  });

  test("cannot change at all once it has ended, and need not", () => {
    const ended = itemOf({ maxRecords: 10 }, { closed: "it has ended" });
    const exportOf = (more: string) =>
      plan(`exports: [{ name: a, location: l, region: X, ${more} }]`, {
        exports: [{ ...ended, values: { ...ended.values, location: "l", region: "X" } }],
      });
    expect(exportOf("maxRecords: 11").items).toMatchObject([{ outcome: "impossible", reasons: ["it has ended"] }]);
    expect(exportOf("maxRecords: 10").items).toMatchObject([{ outcome: "nothing" }]);
  });

  test("is as it should be where an instant was relative when it was made", () => {
    const made = itemOf({ location: "l", region: "X", from: "2026-01-01T00:00:00Z", thru: "2026-02-01T00:00:00Z" });
    const { items } = plan("exports: [{ name: a, location: l, region: X, from: now, thru: +30d }]", {
      exports: [made],
    });
    expect(items).toMatchObject([{ outcome: "nothing", requests: [] }]);
  });

  test("is as it should be where only the hidden query of a URL may be another", () => {
    const source = itemOf({ region: "X", indexUrl: "http://a/i?hidden", baseUrl: "http://a/" });
    const asked = (url: string) =>
      plan(`sources: [{ name: a, region: x, indexUrl: "${url}", baseUrl: "http://a/" }]`, { sources: [source] });
    expect(asked("http://a/i?token=b").items).toMatchObject([{ outcome: "nothing" }]);
    expect(asked("http://a/i?hidden").items).toMatchObject([{ outcome: "nothing" }]);
    expect(asked("http://b/i?hidden").items).toMatchObject([{ outcome: "change" }]);
  });

  test("stays where the file does not name it", () => {
    expect(plan("", { locations: [location] })).toMatchObject({ items: [], leftAlone: ["location a"] });
  });
});

describe("a seal", () => {
  const location = itemOf({}, { parts: [{ id: null, values: SEAL }] });
  const withSeal = (seal: string) =>
    plan(`locations: [{ name: a, seals: [${seal}] }]`, { locations: [location] }).items[0];

  test.each([
    '{ keyId: "262", keyVersion: v1 }',
    '{ signingKey: ours, keyId: "262", keyVersion: v1, from: 1970-01-01 }',
  ])("%s is there", (seal) => {
    expect(withSeal(seal)?.outcome).toBe("nothing");
  });

  test("is appended behind the one before it", () => {
    expect(withSeal('{ signingKey: new, keyId: "262", keyVersion: v2, from: +1h }')?.requests).toEqual([
      {
        method: "POST",
        path: "/v1/locations/a/seals",
        body: { signingKey: "new", keyId: "262", keyVersion: "v2", from: "2026-11-24T11:00:00Z" },
        part: 0,
      },
    ]);
  });

  test("cannot be put before it, nor in its place", () => {
    expect(withSeal('{ signingKey: new, keyId: "262", keyVersion: v1, from: 1970-01-01 }')).toMatchObject({
      outcome: "impossible",
      reasons: ["seals.0 has to begin after the seal before it, 1970-01-01T00:00:00Z"],
    });
  });
});

test("trust in a key ends otherwise, under its number", () => {
  const trusted = { keyId: "310", keyVersion: "v1", from: "1970-01-01T00:00:00Z", until: "never" };
  const source = itemOf({ region: "X" }, { parts: [{ id: 4, values: trusted }] });
  const part = { keyId: "310", keyVersion: "v1", until: "2026-12-01T00:00:00Z" };
  const tree = { ...readTree("", "a"), sources: [{ name: "a", values: { region: "X" }, parts: [part] }] };
  expect(planTree(tree, { ...NOTHING, sources: [source] }, NOW).items).toMatchObject([
    {
      outcome: "change",
      changes: [{ field: "trustedKeys.0.until", before: "never", after: "2026-12-01T00:00:00Z" }],
      requests: [{ method: "PATCH", path: "/v1/sources/a/trusted-keys/4", body: { until: "2026-12-01T00:00:00Z" } }],
    },
  ]);
});

describe("a key of an authority", () => {
  const { publicKeyPem } = makeAuthority();
  const key = (version: string, from: string, until = "never") => ({ version, publicKeyPem, from, until });
  const first = { id: "v1", values: key("v1", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z") };
  const second = { id: "v1", values: key("v1", "2026-03-01T00:00:00Z") };

  test("ends otherwise, under its version", () => {
    const ended = { ...second.values, until: "2026-12-01T00:00:00Z" };
    expect(planKeys([first.values, ended], first, second)).toMatchObject([
      {
        outcome: "change",
        requests: [{ method: "PATCH", path: "/v1/authorities/a/keys/v1", body: { until: "2026-12-01T00:00:00Z" } }],
      },
    ]);
  });

  test("cannot end otherwise once another one has its version, which would end in its place", () => {
    const ended = { ...first.values, until: "2026-01-15T00:00:00Z" };
    expect(planKeys([ended], first, second)).toMatchObject([
      { outcome: "impossible", reasons: ["keys.0 cannot change: a later key has its version"] },
    ]);
  });

  test("is there, too, where a JWKS has brought it, and stands in no file then", () => {
    const fetched = { ...second, isForeign: true } as const;
    expect(planKeys([{ version: "v1", publicKeyPem }], fetched)).toMatchObject([{ outcome: "nothing" }]);
    const written = writeTree({ ...NOTHING, authorities: [authorityOf(first, fetched)] });
    expect(written.match(/version: .*/g)).toEqual(["version: v1"]);
    expect(written).toContain("2026-01-01T00:00:00Z");
  });
});

test("an app has its name in lower case, and its lists in any order", () => {
  const app = itemOf({ regions: ["CA", "US"], authorities: ["b", "a"].sort(), bypassCertificate: false });
  expect(plan("apps: [{ name: A, regions: [us, ca], authorities: [b, a, b] }]", { apps: [app] }).items).toMatchObject([
    { outcome: "nothing", resource: "app a" },
  ]);
});

test("whatever a server has, its own tree asks for nothing", () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const instant = fc.nat({ max: 4_000_000_000 }).map(isoTime);
  const byName = {
    duration: fc.integer({ min: 1, max: 40_000_000 }).map(writeDuration),
    text: fc.string({ minLength: 1 }),
    region: fc.stringMatching(/^[A-Z]{2}$/),
    never: fc.oneof(instant, fc.constant("never")),
  };
  const locations = fc.record({
    name,
    values: fc.record({ retention: byName.duration, grace: byName.duration, linePrefix: byName.text }),
    parts: fc.array(
      fc
        .record({ signingKey: byName.text, keyId: byName.text, keyVersion: byName.text, from: instant })
        .map((values) => ({ id: null, values })),
      { minLength: 1, maxLength: 3 },
    ),
    tag: fc.constant(null),
    closed: fc.constant(null),
  });
  const exports = fc.record({
    name,
    values: fc.record({
      location: byName.text,
      region: byName.region,
      includeRegions: fc.uniqueArray(byName.region, { minLength: 1 }).map((regions) => regions.sort()),
      period: byName.duration,
      from: instant,
      thru: byName.never,
      maxRecords: fc.nat(),
    }),
    parts: fc.constant([]),
    tag: fc.constant(null),
    closed: fc.constantFrom(null, "it has ended"),
  });
  fc.assert(
    fc.property(distinct(locations), distinct(exports), fc.uniqueArray(name), (some, others, keys) => {
      const signingKeys = keys.map((key) => itemOf({}, { name: key }));
      const current: CurrentTree = { ...NOTHING, signingKeys, locations: some, exports: others };
      const { items, leftAlone } = planTree(readTree(writeTree(current), "a"), current, NOW);
      expect(items.filter(({ outcome }) => outcome !== "nothing")).toEqual([]);
      expect(items).toHaveLength(keys.length + some.length + others.length);
      expect(leftAlone).toEqual([]);
    }),
  );
});

test("the kinds are in the order of the sections, each under its own", () => {
  expect(Object.values(KINDS).map(({ section }) => section)).toEqual([...SECTIONS]);
});

function distinct<Item extends { name: string }>(items: fc.Arbitrary<Item>) {
  return fc.uniqueArray(items, { selector: (item) => item.name, maxLength: 4 });
}
