// What is wrong with a tree as phones see it.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "../../core/clock.ts";
import { chooseArchives, NEW_PER_TURN } from "./choose-archives.ts";
import { firstMissing, INDEX_OLD_SECONDS, judgeTree, type SeenTree } from "./judge-tree.ts";
import type { SeenLine, WatchedArchive, WatchedTree } from "./watch-types.ts";

const NOW = 1_795_132_800;

const archive = (at: number, changes: Partial<WatchedArchive> = {}): WatchedArchive => ({
  line: `${at}.zip`,
  digest: `digest ${at}`,
  appendedAt: NOW - 10 * HOUR + at,
  expiredAt: null,
  deletedAt: null,
  ...changes,
});
const treeOf = (archives: readonly WatchedArchive[], changes: Partial<WatchedTree> = {}): WatchedTree => ({
  location: "client",
  indexObject: "client/index.txt",
  basePrefix: "client/",
  isOurs: true,
  indexCheckedAt: NOW,
  archives,
  seals: [],
  ...changes,
});
const seen = (at: number, changes: Partial<SeenLine> = {}): SeenLine => ({
  line: `${at}.zip`,
  digest: `digest ${at}`,
  etag: "e",
  lastModified: null,
  lookedAt: NOW,
  code: null,
  failedSince: null,
  ...changes,
});
const judge = (tree: WatchedTree, index: SeenTree["index"], behindSince: number | null = null) =>
  judgeTree(tree, { index, behindSince, indexUrl: "https://phones.example/client/index.txt" }, NOW).map(
    ({ reason }) => reason,
  );

describe("a tree", () => {
  const three = treeOf([archive(1), archive(2), archive(3)]);

  test.each<[string, WatchedTree, SeenTree["index"], string[]]>([
    ["that is as it was published", three, [seen(1), seen(2), seen(3)], []],
    ["with a line missing before others", three, [seen(2), seen(3)], ["watch_lines_vanished"]],
    ["with its newest line missing, as yet", three, [seen(1), seen(2)], []],
    ["with a line that left", treeOf([archive(1, { expiredAt: NOW }), archive(2)]), [seen(2)], []],
    [
      "with a line that has left but not everywhere",
      treeOf([archive(1, { expiredAt: NOW }), archive(2)]),
      [seen(1), seen(2)],
      [],
    ],
    ["with a strange line", three, [seen(1), seen(2), seen(3), seen(4)], ["watch_lines_unknown"]],
    [
      "with an archive that is gone",
      three,
      [seen(1, { code: "watch_archive_missing", failedSince: NOW }), seen(2), seen(3)],
      ["watch_archive_missing"],
    ],
    [
      "with an archive that was deleted in time",
      treeOf([archive(1, { expiredAt: NOW, deletedAt: NOW }), archive(2)]),
      [seen(1, { code: "watch_archive_missing", failedSince: NOW }), seen(2)],
      [],
    ],
    [
      "with an archive that is refused",
      three,
      [seen(1, { code: "archive_unsigned" }), seen(2), seen(3)],
      ["watch_archive_unverified"],
    ],
    ["with other bytes", three, [seen(1, { digest: "other" }), seen(2), seen(3)], ["watch_archive_replaced"]],
    [
      "with an archive that nobody looked at yet",
      three,
      [seen(1, { digest: null, lookedAt: null }), seen(2), seen(3)],
      [],
    ],
    ["without an index", three, { code: "watch_index_missing", why: "404" }, ["watch_index_missing"]],
    [
      "that is so young that a cache may know of no index",
      treeOf([archive(1, { appendedAt: NOW - MINUTE })]),
      { code: "watch_index_missing", why: "404" },
      [],
    ],
  ])("%s", (_, tree, index, reasons) => {
    expect(judge(tree, index)).toEqual(reasons);
  });

  test("is old at phones when caches and two periods explain it no more", () => {
    expect(judge(three, [seen(1), seen(2)], NOW - INDEX_OLD_SECONDS)).toEqual([]);
    expect(judge(three, [seen(1), seen(2)], NOW - INDEX_OLD_SECONDS - 1)).toEqual(["watch_index_old"]);
  });

  test("raises no alarm however far a cache is behind, within its time", () => {
    const numbers = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(5));
    fc.assert(
      fc.property(numbers, ([expired, listed, behind]) => {
        const archives = Array.from({ length: expired + listed }, (_, at) =>
          archive(at, at < expired ? { expiredAt: NOW } : {}),
        );
        const first = Math.max(0, expired - behind);
        const index = archives
          .slice(first, Math.max(first + 1, archives.length - behind))
          .map((_, at) => seen(first + at));
        expect(judge(treeOf(archives), index, NOW - INDEX_OLD_SECONDS)).toEqual([]);
      }),
    );
  });

  test("is behind by the oldest line that is missing at its end", () => {
    expect(firstMissing(three, new Set(["1.zip", "2.zip"]))).toBe("3.zip");
    expect(firstMissing(three, new Set(["3.zip"]))).toBeNull();
    expect(firstMissing(treeOf([archive(1)], { indexCheckedAt: null }), new Set())).toBeNull();
  });
});

describe("a round looks", () => {
  const tree = treeOf(Array.from({ length: 100 }, (_, at) => archive(at)));
  const linesOf = (index: readonly SeenLine[]) => chooseArchives(tree, index, NOW + 1).lines.map(({ line }) => line);

  test("at new archives first, the newest before the others, and comes back for the rest", () => {
    const index = Array.from({ length: 100 }, (_, at) => seen(at, at < 50 ? { digest: null, lookedAt: null } : {}));
    const choice = chooseArchives(tree, index, NOW + 1);
    expect(choice.hasMore).toBe(true);
    expect(choice.lines.map(({ line }) => line)).toEqual(
      Array.from({ length: NEW_PER_TURN }, (_, at) => `${49 - at}.zip`),
    );
  });

  test("at the newest each time, and at those again that it did not look at for longest", () => {
    const index = Array.from({ length: 100 }, (_, at) => seen(at, { lookedAt: at < 90 ? NOW : NOW - at }));
    const lines = linesOf(index);
    expect(lines.slice(0, 3)).toEqual(["99.zip", "98.zip", "97.zip"]);
    expect(lines).toHaveLength(32);
  });

  test("at one alone where a look costs the whole archive, and never at strangers or what was deleted", () => {
    expect(linesOf([seen(1, { etag: null }), seen(2, { etag: null })])).toEqual(["2.zip"]);
    expect(linesOf([seen(500)])).toEqual([]);
    const gone = treeOf([archive(1, { deletedAt: NOW })]);
    expect(chooseArchives(gone, [seen(1)], NOW + 1).lines).toEqual([]);
  });

  test("once in a round at what failed", () => {
    const failed = seen(1, { digest: null, code: "watch_archive_missing" });
    expect(chooseArchives(tree, [failed], NOW).lines).toEqual([]);
    expect(chooseArchives(tree, [failed], NOW + 1).lines).toEqual([failed]);
  });
});
