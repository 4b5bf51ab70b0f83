// Which test files may notice a mutant of a feature, the cheapest first.

import { globSync } from "node:fs";

const UNIT = (feature: string) => [`src/features/${feature}/**/*.test.ts`];

const INTEGRATION: Readonly<Record<string, readonly string[]>> = {
  import: ["import*", "sources-api*", "archive-changes", "status-api"],
  export: ["export*", "published-revisions", "status-api"],
  mirror: ["mirror*", "status-api"],
  locations: ["locations*", "published-*", "export*", "mirror*", "status-api"],
};

/** Tests that start servers as processes of their own: they wait, and see what the others see. */
const PROCESSES = [
  "test/{process,journey,package,set-up}/**/*.test.ts",
  "test/kill/{jobs,serve}-*.test.ts",
  "test/integration/{serve-*,jobs-api}.test.ts",
  "test/contract/job-runner*.test.ts",
];

/** All files that a run needs at most. */
export function allTests(folder: string): string[] {
  const processes = new Set(filesOf(folder, PROCESSES));
  return filesOf(folder, ["src/**/*.test.ts", "test/**/*.test.ts"]).filter((file) => !processes.has(file));
}

/**
 * In stages: beside the code, of the feature, state machines, simulation; with `rest` all other tests behind them.
 * Within a stage by `milliseconds`, which files that were not measured do not have: they are left out.
 */
export function chooseTests(
  folder: string,
  feature: string,
  milliseconds: Readonly<Record<string, number>>,
  rest: boolean,
): string[] {
  const own = (INTEGRATION[feature] ?? []).map((name) => `test/integration/${name}.test.ts`);
  const stages = [
    filesOf(folder, UNIT(feature)),
    filesOf(folder, [...own, `test/kill/${feature}-killed.test.ts`]),
    filesOf(folder, ["test/state-machines/**/*.test.ts"]),
    filesOf(folder, ["test/simulation/**/*.test.ts"]),
    rest ? allTests(folder) : [],
  ];
  const cost = (file: string) => milliseconds[file] ?? Number.POSITIVE_INFINITY;
  const ordered = stages.flatMap((files) => files.toSorted((a, b) => cost(a) - cost(b)));
  return [...new Set(ordered)].filter((file) => milliseconds[file] !== undefined);
}

function filesOf(folder: string, patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: folder })).sort();
}
