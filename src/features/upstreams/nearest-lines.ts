// The listed lines that a mistyped one may mean.

const MOST = 3;

/** Those that agree with it longest from the beginning and from the end, the nearest first; at least half of it agrees. */
export function nearestLines(line: string, listed: Iterable<string>): string[] {
  const near: { listed: string; agreeing: number }[] = [];
  for (const candidate of listed) {
    const agreeing = countAgreeing(line, candidate);
    if (agreeing * 2 < line.length) continue;
    near.push({ listed: candidate, agreeing });
    if (near.length <= MOST) continue;
    near.sort((left, right) => right.agreeing - left.agreeing);
    near.length = MOST;
  }
  return near.toSorted((left, right) => right.agreeing - left.agreeing).map((one) => one.listed);
}

function countAgreeing(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let front = 0;
  while (front < most && one[front] === other[front]) front++;
  let back = 0;
  while (back < most - front && one.at(-1 - back) === other.at(-1 - back)) back++;
  return front + back;
}
