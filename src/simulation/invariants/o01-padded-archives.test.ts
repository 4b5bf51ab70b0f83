// Archives are padded (O1).

import { expect, test } from "vitest";
import { paddedArchives } from "./o01-padded-archives.ts";
import { archiveOf, lineOf, makeObserved, makeTree, publishedAt, recordOf } from "./testing/make-observed.ts";

const records = (count: number) => Array.from({ length: count }, (_, n) => recordOf(`person ${n}`));
const archivesWith = (content: NonNullable<NonNullable<Parameters<typeof archiveOf>[1]>["content"]>) => [
  archiveOf(0, { content: { primaries: records(3) } }),
  archiveOf(1, { content }),
];
const judge = (content: Parameters<typeof archivesWith>[0]) =>
  paddedArchives.check(makeObserved({ trees: [makeTree({ minRecords: 3, archives: archivesWith(content) })] }));

test("primaries and revised keys count together", () => {
  expect(judge({ primaries: records(2), revised: [recordOf("revised")] })).toBeNull();
});

test("fewer keys than promised are found", () => {
  const small = { at: publishedAt(1), where: "client", witness: lineOf(1) };
  expect(judge({ primaries: records(2) })).toMatchObject(small);
  expect(judge({ primaries: [], revised: records(1) })).toMatchObject(small);
});

test("an archive without keys tells nothing", () => {
  expect(judge({ primaries: [] })).toBeNull();
});

test("what a mirror leaves of a public archive need not be padded; the tree's own has to be", () => {
  const source = makeTree({
    name: "national",
    role: "national",
    archives: archivesWith({ primaries: [recordOf("rest")] }),
  });
  const judgeMirror = (word: string) => {
    const archives = archivesWith({ primaries: [recordOf(word)] });
    return paddedArchives.check(
      makeObserved({ trees: [makeTree({ minRecords: 3, mirrors: ["national"], archives }), source] }),
    );
  };
  expect(judgeMirror("rest")).toBeNull();
  expect(judgeMirror("own")).toMatchObject({ witness: lineOf(1) });
});
