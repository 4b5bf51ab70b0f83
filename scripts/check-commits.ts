// Part of `npm run check`: the subjects of commits since the rule began. Where there is no git, it says so and is content.

import { join } from "node:path";
import { subjectProblem } from "./commits/judge-subject.ts";
import { listCommits } from "./commits/list-commits.ts";

/** The last commit before the rule was checked. */
const SINCE = "892b3ff59f58fd7da54cbbe55d6ca1025067d619";

const found = listCommits(join(import.meta.dirname, ".."), SINCE);
if ("untold" in found) {
  console.log(`Subjects of commits are not checked: ${found.untold}.`);
} else {
  for (const { id, subject } of found.commits) {
    const problem = subjectProblem(subject);
    if (problem === null) continue;
    console.log(`${id} "${subject}" ${problem}. Change it by git commit --amend, or by git rebase -i ${id}~1.`);
    process.exitCode = 1;
  }
}
