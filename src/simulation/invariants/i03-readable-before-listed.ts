// DB I3: an archive is readable before a line names it.

import { listedSpans } from "../observe/listed-spans.ts";
import { archiveAt } from "../observe/listings.ts";
import type { Observed } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const readableBeforeListed: Invariant = {
  id: "I3",
  rule: "An archive stands at its final name before an index lists it.",
  experience: "A phone gets a 404: its whole check fails, other servers' files included, or the file is lost to it.",
  check: (observed) => earliest(findMissing(observed)),
};

function* findMissing({ trees }: Observed): Generator<Violation> {
  for (const tree of trees) {
    for (const [line, spans] of listedSpans(tree)) {
      const missing = spans.find(({ from }) => archiveAt(tree, line, from) === undefined);
      if (missing === undefined) continue;
      const what = `The index lists ${line}, and no archive stands there.`;
      yield { at: missing.from, where: tree.name, witness: line, what };
    }
  }
}
