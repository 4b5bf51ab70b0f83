// The commits of this clone that came after a known one.

import { realpathSync } from "node:fs";
import { git } from "./git.ts";

export interface Commit {
  readonly id: string;
  readonly subject: string;
}

/** The commits, or why they cannot be told. */
export type NewCommits = { readonly commits: readonly Commit[] } | { readonly untold: string };

/**
 * Commits of HEAD that `since` does not have, without merges. A shallow clone that ends before `since` has later ones only, so all
 * of its commits count.
 */
export function listCommits(root: string, since: string): NewCommits {
  const top = git(root, "rev-parse", "--show-toplevel");
  if (top === null) return { untold: "git is missing, or this folder is no clone" };
  if (realpathSync(top) !== realpathSync(root)) return { untold: "this folder is part of another repository" };
  const isKnown = git(root, "cat-file", "-e", `${since}^{commit}`) !== null;
  const isShallow = git(root, "rev-parse", "--is-shallow-repository") === "true";
  if (!isKnown && !isShallow) return { untold: `this clone has another history, without ${since.slice(0, 8)}` };
  const log = git(root, "log", "--no-merges", "--format=%h %s", isKnown ? `${since}..HEAD` : "HEAD");
  if (log === null) return { untold: "git log failed; there may be no commit yet" };
  const lines = log.split("\n").filter((line) => line !== "");
  return { commits: lines.map((line) => ({ id: line.split(" ", 1)[0] ?? "", subject: line.replace(/^\S+ /, "") })) };
}
