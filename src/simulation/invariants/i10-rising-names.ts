// DB I10: names are two numbers, each name begins where every earlier one has ended, and they rise strictly.

import { phoneTrees } from "../observe/followed-trees.ts";
import { linesOf } from "../observe/lines-at.ts";
import { type NameWindow, readNameWindow } from "../observe/name-window.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const risingNames: Invariant = {
  id: "I10",
  rule: "The name of a new line begins with two numbers, rises strictly, and starts no earlier than any earlier name ends.",
  experience: "A phone that reads windows from names never fetches the file: its name lies below what it remembers.",
  check: (observed) => earliest(findFallenBack(observed)),
};

function* findFallenBack(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) yield* fallenBack(tree);
}

/**
 * What the first index lists may be another server's from earlier times: names without numbers are passed over in it,
 * and files of one window that was split may share their start.
 */
function* fallenBack({ name, indexes }: ObservedTree): Generator<Violation> {
  const seen = new Set<string>();
  let last: NameWindow = { start: 0, end: 0 };
  for (const [position, state] of indexes.entries()) {
    for (const line of linesOf(state)) {
      if (seen.has(line)) continue;
      seen.add(line);
      const window = readNameWindow(line);
      const fault = window === null ? "does not begin with two numbers" : faultOf(window, last, position === 0);
      if (window !== null) last = { start: Math.max(window.start, last.start), end: Math.max(window.end, last.end) };
      if (fault === null || (window === null && position === 0)) continue;
      yield { at: state.at, where: name, witness: line, what: `The name ${line} ${fault}.` };
    }
  }
}

function faultOf({ start, end }: NameWindow, last: NameWindow, mayBeSplit: boolean): string | null {
  if (end <= start) return "does not rise";
  if (start >= last.end) return null;
  if (mayBeSplit && start === last.start && end > last.end) return null;
  return `starts at ${start}, before an earlier name ended at ${last.end}`;
}
