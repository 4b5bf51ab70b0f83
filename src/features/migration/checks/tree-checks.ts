// Checks of each tree by itself: what phones and importers need of an index and its archives.

import { DAY, HOUR, isoTime, MINUTE } from "../../../core/clock.ts";
import type { PlanCheck, Seen, SeenTree } from "./check-types.ts";

/** An index in a cache is as old as this at most when a phone gets it. */
const MOST_CACHED_SECONDS = 4 * HOUR;
const MOST_CLOCK_DIFFERENCE_SECONDS = 5 * MINUTE;
const FRESH_SECONDS = DAY;
/** What phones match, without the day on which it ends. */
const HISTORY_SECONDS = 13 * DAY;
/** How many findings of one tree are told. */
const MOST_TOLD = 5;

export const TREE_CHECKS: readonly PlanCheck[] = [
  {
    name: "index-readable",
    holds: "every index is there and is a text index",
    remedy: "Open the URL in the plan; a server without a text index must get one first.",
    run: eachTree(({ reading }) => reading.problems.filter(({ line }) => line === null).map(({ code }) => code)),
  },
  {
    name: "archives-readable",
    holds: "every listed archive is there and verifies under the keys of the plan",
    remedy: "Add the missing key to the plan, or look at the archive with `enks archive inspect`.",
    run: eachTree(({ reading }) =>
      reading.problems.flatMap(({ line, code }) => (line === null ? [] : [`${line}: ${code}`])),
    ),
  },
  {
    name: "archives-listed",
    holds: "every tree lists archives",
    remedy: "Let the server export before the migration goes on; an empty tree proves nothing.",
    run: eachTree(({ reading }) => (reading.indexDigest !== null && reading.lines === 0 ? ["it lists nothing"] : [])),
  },
  {
    name: "windows-ascend",
    holds: "windows come in ascending order, and none comes twice",
    remedy: "Sort the index by window; phones that remember the last line skip what comes before it.",
    run: eachTree(findDisorder),
  },
  {
    name: "one-seal",
    holds: "each index carries one signing key",
    remedy: "Wait until the archives under the old key have expired: phones refuse an index that mixes keys.",
    run: eachTree(({ archives }) => {
      const names = new Set(archives.map(({ signedBy }) => `${signedBy.keyId} ${signedBy.keyVersion}`));
      return names.size > 1 ? [`it carries ${[...names].join(", ")}`] : [];
    }),
  },
  {
    name: "fresh",
    holds: "every tree got an archive within a day",
    remedy: "Find out why the server exports nothing; keys that it holds back are not migrated.",
    run: ({ trees, now }) =>
      tell(trees, ({ reading: { newestEnd } }) =>
        newestEnd !== null && newestEnd < now - FRESH_SECONDS
          ? [`its newest window ended at ${isoTime(newestEnd)}`]
          : [],
      ),
  },
  {
    name: "history",
    holds: "the state's trees reach back over the days that phones match",
    remedy: "Back-fill the second tree, or let the nation import the client location too, until it does.",
    run: ({ trees, now }) =>
      tell(trees, ({ side, archives }) => {
        const oldest = Math.min(...archives.map(({ start }) => start));
        const isShort = side === "state" && archives.length > 0 && oldest > now - HISTORY_SECONDS;
        return isShort ? [`it begins at ${isoTime(oldest)}`] : [];
      }),
  },
  {
    name: "cache-lifetime",
    holds: "caches keep an index for at most four hours",
    remedy: "Serve the index with `Cache-Control: max-age=300`, also at the CDN.",
    run: eachTree(({ reading: { indexMaxAgeSeconds: seconds } }) =>
      seconds !== null && seconds > MOST_CACHED_SECONDS
        ? [`its index may be kept for ${Math.round(seconds / HOUR)} h`]
        : [],
    ),
  },
  {
    name: "clocks",
    holds: "the servers' clocks agree with this one to five minutes",
    remedy: "Set the clock of the server right, or of this machine.",
    run: ({ trees, now }) =>
      tell(trees, ({ reading: { indexServedAt: at } }) =>
        at !== null && Math.abs(at - now) > MOST_CLOCK_DIFFERENCE_SECONDS
          ? [`its server says ${isoTime(at)}, this machine ${isoTime(now)}`]
          : [],
      ),
  },
];

function findDisorder({ archives }: SeenTree): string[] {
  const windows = new Set<string>();
  const findings: string[] = [];
  let last = 0;
  for (const { line, start, end } of archives) {
    const window = `${start}-${end}`;
    if (windows.has(window)) findings.push(`${line} repeats a window`);
    else if (end < last) findings.push(`${line} ends before the line above it`);
    windows.add(window);
    last = Math.max(last, end);
  }
  return findings;
}

function eachTree(find: (tree: SeenTree) => readonly string[]): (seen: Seen) => string[] {
  return ({ trees }) => tell(trees, find);
}

function tell(trees: readonly SeenTree[], find: (tree: SeenTree) => readonly string[]): string[] {
  return trees.flatMap((tree) => {
    const found = find(tree);
    const more = found.length > MOST_TOLD ? [`and ${found.length - MOST_TOLD} more`] : [];
    return [...found.slice(0, MOST_TOLD), ...more].map((text) => `${tree.planned.name}: ${text}`);
  });
}
