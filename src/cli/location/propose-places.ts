// Where the index and the archives of a tree are, told from the tree itself: what `enks location create --adopt-from` fills in.

import { CodedError } from "../../core/coded-error.ts";
import type { ForeignTree, ProposalErrorCode } from "./foreign-tree.ts";

export interface Places {
  /** Object name of the index. */
  readonly indexObject: string;
  /** Stands before each line to make an object name. */
  readonly basePrefix: string;
  /** Stands before the file name in new lines. */
  readonly linePrefix: string;
}

/**
 * Lines are relative to the root of the tree (as Google's server writes them) or to a folder on the way to the index;
 * new lines go where the newest one points. Throws `tree_unclear` where no line leads to an archive.
 */
export async function proposePlaces({ indexObject, lines, has }: ForeignTree): Promise<Places> {
  const newest = lines.at(-1);
  if (newest === undefined) throw unclear(`the index ${indexObject} has no line`);
  for (const basePrefix of foldersAbove(indexObject)) {
    if (await has(basePrefix + newest)) return { indexObject, basePrefix, linePrefix: folderOf(newest) };
  }
  throw unclear(`the last line of ${indexObject}, "${newest}", leads to no archive below any folder above the index`);
}

/** "", "a/", "a/b/" for "a/b/index.txt": the folder of the index first, since that is the default. */
function foldersAbove(name: string): string[] {
  const segments = name.split("/").slice(0, -1);
  const prefixes = segments.map((_, at) => `${segments.slice(0, at + 1).join("/")}/`);
  return [...prefixes.reverse(), ""];
}

function folderOf(line: string): string {
  return line.slice(0, line.lastIndexOf("/") + 1);
}

function unclear(message: string): CodedError {
  return new CodedError<ProposalErrorCode>("tree_unclear", message, {
    remedy:
      "Give the folder that is, or will be, the root of the objects; or --index-object, --base-prefix and --line-prefix.",
  });
}
