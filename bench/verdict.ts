// Whether a figure reaches its goal: printed for people, and the exit code for machines.

/** `share` and `goal` are fractions; `atLeast` or `atMost` says which side is good. */
export function judgeShare(what: string, share: number, goal: { atLeast: number } | { atMost: number }): void {
  const [good, text] =
    "atLeast" in goal
      ? [share >= goal.atLeast, `at least ${percent(goal.atLeast)}`]
      : [share <= goal.atMost, `at most ${percent(goal.atMost)}`];
  judge(good, `${what}: ${percent(share)} (goal: ${text})`);
}

export function judgeMegabytes(what: string, megabytes: number, atMost: number): void {
  judge(megabytes <= atMost, `${what}: ${megabytes} MB (goal: at most ${atMost} MB)`);
}

export function judge(isGood: boolean, sentence: string): void {
  console.log(`${isGood ? "reached" : "MISSED "}  ${sentence}`);
  if (!isGood) process.exitCode = 1;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
