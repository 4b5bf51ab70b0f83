// Each check of a plan passes where all is well and fails on the one thing that it looks at.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../../core/clock.ts";
import type { ArchiveFacts, TreeReading } from "../../../proof/proof-types.ts";
import type { Proof } from "../../../proof/prove-coverage.ts";
import type { MigrationPlan, PlannedTree } from "../plan-form.ts";
import { CHECKS, runChecks } from "./run-checks.ts";

const NOW = 1_795_514_400;

function treeNamed(name: string, pem = name): PlannedTree {
  return {
    name,
    indexUrl: `https://${name}.example/index.txt`,
    baseUrl: `https://${name}.example`,
    publicKeys: [{ keyId: name, keyVersion: "v1", publicKeyPem: pem }],
  };
}

const PLAN: MigrationPlan = {
  plan: 1,
  name: "oregon",
  regions: ["US-OR"],
  state: { organisation: "Oregon", client: treeNamed("client"), second: treeNamed("second") },
  nation: { organisation: "Nation", exports: [treeNamed("national")] },
};

function archivesOf(tree: string): ArchiveFacts[] {
  return Array.from({ length: 84 }, (_, at) => {
    const end = NOW - (83 - at) * 4 * HOUR;
    const signedBy = { keyId: tree, keyVersion: "v1" };
    return { tree, line: `${end}.zip`, start: end - 4 * HOUR, end, region: "US-OR", signedBy, keys: 1 };
  });
}

function readingOf(name: string): TreeReading {
  return {
    name,
    indexUrl: "",
    baseUrl: "",
    indexDigest: "00",
    indexMaxAgeSeconds: 300,
    indexServedAt: NOW,
    lines: 84,
    archivesRead: 84,
    keys: 84,
    refusedKeys: 0,
    newestEnd: NOW,
    problems: [],
  };
}

interface Changes {
  readonly plan?: Partial<MigrationPlan>;
  readonly client?: Partial<TreeReading>;
  readonly clientArchives?: (archives: ArchiveFacts[]) => ArchiveFacts[];
  readonly missing?: number;
}

function check(changes: Changes) {
  const { clientArchives = (all: ArchiveFacts[]) => all, missing = 0 } = changes;
  const counts = { covered: 1, withdrawn: 0, expired: 0, on_the_way: 0, missing, different: 0 };
  const place = { keys: 1, counts, differences: {}, archives: [], witnesses: [], isCovered: missing === 0 };
  const proof: Proof = {
    archives: [...clientArchives(archivesOf("client")), ...archivesOf("second"), ...archivesOf("national")],
    report: {
      kind: "coverage",
      formatVersion: 1,
      planDigest: null,
      at: NOW,
      lagSeconds: 8 * HOUR,
      state: [{ ...readingOf("client"), ...changes.client }, readingOf("second")],
      places: [{ name: "national exports", trees: [readingOf("national")], ...place }],
      verdict: missing === 0 ? "proven" : "not_proven",
    },
  };
  return runChecks({ ...PLAN, ...changes.plan }, proof);
}

const failed = (changes: Changes) =>
  check(changes)
    .filter(({ outcome }) => outcome === "fail")
    .map(({ name, findings }) => ({ name, findings }));

test("where all is well every check passes", () => {
  expect(check({}).map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
  expect(failed({})).toEqual([]);
});

const problem = { code: "archive_missing", message: "" };
const FAILING: readonly (readonly [name: string, changes: Changes])[] = [
  ["index-readable", { client: { problems: [{ ...problem, line: null }] } }],
  ["archives-readable", { client: { problems: [{ ...problem, line: "a.zip" }] } }],
  ["archives-listed", { client: { lines: 0 } }],
  ["windows-ascend", { clientArchives: (all) => all.toReversed() }],
  [
    "windows-ascend",
    { clientArchives: ([first, ...all]) => (first ? [first, { ...first, line: "b.zip" }, ...all] : []) },
  ],
  [
    "one-seal",
    {
      clientArchives: ([first, ...all]) =>
        first ? [{ ...first, signedBy: { keyId: "x", keyVersion: "" } }, ...all] : [],
    },
  ],
  ["fresh", { client: { newestEnd: NOW - DAY - 1 } }],
  ["history", { clientArchives: (all) => all.slice(40) }],
  ["cache-lifetime", { client: { indexMaxAgeSeconds: DAY } }],
  ["clocks", { client: { indexServedAt: NOW - HOUR } }],
  [
    "trees-apart",
    { plan: { nation: { organisation: "N", exports: [{ ...treeNamed("national"), ...address("client") }] } } },
  ],
  ["key-names", { plan: { nation: { organisation: "N", exports: [sharedName()] } } }],
  ["regions", { plan: { regions: ["US-WA"] } }],
  [
    "pace",
    {
      clientArchives: (all) => [
        ...all,
        ...all
          .slice(-6)
          .flatMap((each) =>
            [1, 2].map((second) => ({ ...each, line: `${each.end}-${second}`, start: each.start + second })),
          ),
      ],
    },
  ],
  ["coverage", { missing: 2 }],
];

function address(name: string) {
  return { indexUrl: `https://${name}.example/index.txt` };
}

/** The nation's key under the name of the state's. */
function sharedName(): PlannedTree {
  return { ...treeNamed("national"), publicKeys: [{ keyId: "client", keyVersion: "v1", publicKeyPem: "another" }] };
}

describe("a check fails", () => {
  test.each(FAILING)("%s", (name, changes) => {
    expect(failed(changes).map((each) => each.name)).toContain(name);
  });

  test("for each name there is", () => {
    expect(new Set(FAILING.map(([name]) => name))).toEqual(new Set(CHECKS.map(({ name }) => name)));
  });

  test("and names the tree", () => {
    expect(failed({ client: { newestEnd: NOW - 2 * DAY } })).toMatchObject([
      { name: "fresh", findings: [expect.stringMatching(/^client: /)] },
    ]);
  });
});

test("docs/migrate/checks.md has each check as it is", () => {
  const document = readFileSync(new URL("../../../../docs/migrate/checks.md", import.meta.url), "utf8");
  const rows = CHECKS.map(({ name, holds, remedy }) => `| \`${name}\` | ${holds} | ${remedy} |`);
  expect(rows.filter((row) => !document.includes(row))).toEqual([]);
});

test("a waiver is told with its reason and person, and lifts nothing else", () => {
  const waived = [{ check: "fresh", reason: "the state is closed", by: "Ada" }];
  const results = check({ plan: { waived }, client: { newestEnd: NOW - 2 * DAY, indexServedAt: 0 } });
  expect(results.find(({ name }) => name === "fresh")).toMatchObject({
    outcome: "waived",
    waiver: "the state is closed (Ada)",
  });
  expect(results.find(({ name }) => name === "clocks")).toMatchObject({ outcome: "fail" });
});
