// Two signers, two infos (DB I26).

import { expect, test } from "vitest";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { wholeDualSignatures } from "./i26-whole-dual-signatures.ts";
import { archiveOf, lineOf, makeObserved, makeTree, OTHER_SEAL, publishedAt, SEAL } from "./testing/make-observed.ts";

type Signed = Pick<ArchiveContent, "infos" | "signatures">;
const signed = (infos: Signed["infos"], signatures = infos): Signed => ({ infos, signatures });
const BOTH = signed([SEAL, OTHER_SEAL]);

function judge(...contents: readonly Signed[]) {
  const archives = contents.map((content, n) => archiveOf(n, { content }));
  return wholeDualSignatures.check(makeObserved({ trees: [makeTree({ archives })] }));
}

test("two signers in a fixed order are good, and so is one alone in between", () => {
  expect(judge(BOTH, signed([SEAL]), BOTH)).toBeNull();
});

test.each<[string, Signed]>([
  ["with a signature missing", signed([SEAL, OTHER_SEAL], [SEAL])],
  ["with an info missing", signed([SEAL], [SEAL, OTHER_SEAL])],
  ["with two signatures under one name", signed([SEAL, SEAL])],
  ["that names its signers in another order", signed([SEAL, OTHER_SEAL], [OTHER_SEAL, SEAL])],
  ["signed in another order than before", signed([OTHER_SEAL, SEAL])],
])("an archive %s is found", (_, content) => {
  expect(judge(BOTH, content)).toMatchObject({ at: publishedAt(1), where: "client", witness: lineOf(1) });
});
