// Checks of the trees of a plan beside each other.

import { DAY } from "../../../core/clock.ts";
import type { PlanCheck, Seen, SeenTree } from "./check-types.ts";

/** iOS 13.5 takes this many new files a day (DB 5). */
const MOST_FILES_A_DAY = 15;

export const PLAN_CHECKS: readonly PlanCheck[] = [
  {
    name: "trees-apart",
    holds: "all trees of the plan are different ones",
    remedy: "Correct the URLs: a tree that is read and published into by the same migration is a loop.",
    run: ({ trees }) =>
      repeated(trees, ({ planned }) => planned.indexUrl.replace(/[?].*$/, "")).map(
        ([one, other]) => `${one} and ${other} have the same index`,
      ),
  },
  {
    name: "key-names",
    holds: "a key id and version name one public key everywhere",
    remedy: "Give one of the keys a new version: phones that know the name refuse every archive under another key.",
    run: findSharedNames,
  },
  {
    name: "regions",
    holds: "the state's archives are of a region of the plan",
    remedy: "Add the region to the plan, and allow it with `--header-regions` at the source.",
    run: ({ plan, trees }) =>
      trees
        .filter(({ side }) => side === "state")
        .flatMap(({ planned, archives }) =>
          [...new Set(archives.map(({ region }) => region))]
            .filter((region) => !plan.regions.includes(region.toUpperCase()))
            .map((region) => `${planned.name}: region ${JSON.stringify(region)}`),
        ),
  },
  {
    name: "pace",
    holds: "phones of the state get at most 15 new archives a day after the switch",
    remedy: "Let the nation or the state export less often; older iPhones take no more than 15 files a day.",
    run: ({ trees, now }) => {
      const isOfToday = ({ end }: { end: number }) => end > now - DAY && end <= now;
      const read = trees.filter(({ side }, at) => at === 0 || side === "nation");
      const files = read.flatMap(({ archives }) => archives.filter(isOfToday)).length;
      return files > MOST_FILES_A_DAY
        ? [`${files} archives came in the last day at the client location and the nation`]
        : [];
    },
  },
  {
    name: "coverage",
    holds: "every key that phones find at the state is in the national exports, with the same values",
    remedy: "`enks migration verify` lists what is missing by day and archive; back-fill, or let the import catch up.",
    run: ({ coverage }) =>
      coverage.places
        .filter(({ isCovered }) => !isCovered)
        .map(({ name, counts }) => `${name}: ${counts.missing} keys missing, ${counts.different} with other values`),
  },
];

function findSharedNames({ trees }: Seen): string[] {
  const known = new Map<string, { readonly tree: string; readonly pem: string }>();
  const findings: string[] = [];
  for (const { planned } of trees) {
    for (const { keyId, keyVersion, publicKeyPem } of planned.publicKeys) {
      const name = `${keyId} ${keyVersion}`;
      const pem = publicKeyPem.replaceAll(/\s/g, "");
      const before = known.get(name);
      if (before === undefined) known.set(name, { tree: planned.name, pem });
      else if (before.pem !== pem) findings.push(`${before.tree} and ${planned.name} have two keys under ${name}`);
    }
  }
  return findings;
}

/** Pairs of names of trees that share a value. */
function repeated(trees: readonly SeenTree[], valueOf: (tree: SeenTree) => string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const [at, tree] of trees.entries()) {
    for (const other of trees.slice(at + 1)) {
      if (valueOf(tree) === valueOf(other)) pairs.push([tree.planned.name, other.planned.name]);
    }
  }
  return pairs;
}
