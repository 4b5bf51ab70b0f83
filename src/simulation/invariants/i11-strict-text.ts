// DB I11: the text of an index is such that every follower reads the same lines.

import { phoneTrees } from "../observe/followed-trees.ts";
import { linesOf } from "../observe/lines-at.ts";
import type { IndexState, Observed } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const strictText: Invariant = {
  id: "I11",
  rule: "An index is relative paths in printable US-ASCII, one a line, none twice, with LF between them and nothing else.",
  experience: "A parser of one kind of phone dies on the index at every check, or asks for files that are not there.",
  check: (observed) => earliest(findLooseText(observed)),
};

function* findLooseText(observed: Observed): Generator<Violation> {
  for (const { name, indexes } of phoneTrees(observed)) {
    for (const state of indexes) {
      const fault = faultOf(state);
      if (fault === null) continue;
      yield { at: state.at, where: name, ...fault };
      break;
    }
  }
}

type Fault = Pick<Violation, "witness" | "what">;

const STRICT = /^[\x21-\x7e]+(?:\n[\x21-\x7e]+)*$/;

function faultOf(state: IndexState): Fault | null {
  // An empty one is another invariant's.
  if (state.body === null || state.body.length === 0) return null;
  const text = Buffer.from(state.body).toString("latin1");
  if (!STRICT.test(text)) return looseFault(text);
  const lines = linesOf(state);
  if (new Set(lines).size === lines.length) return lineFault(lines);
  const doubled = lines.find((line, at) => lines.indexOf(line) !== at) ?? "";
  return { witness: doubled, what: `The line ${doubled} is there twice.` };
}

function looseFault(text: string): Fault {
  const line = text.split("\n").find((each) => !/^[\x21-\x7e]+$/.test(each)) ?? "";
  const what =
    line === "" ? "There is a blank line, or a final line end." : `The line ${JSON.stringify(line)} is loose.`;
  return { witness: JSON.stringify(line.slice(0, 100)), what };
}

function lineFault(lines: readonly string[]): Fault | null {
  const wrong = lines.find((line) => line.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(line));
  return wrong === undefined ? null : { witness: wrong, what: `The line ${wrong} is no relative path.` };
}
