// Which known name somebody meant who mistyped it.

/** The known name that takes the fewest changes of letters, or null where none is near. */
export function nearestName(typed: string, known: Iterable<string>): string | null {
  let nearest: string | null = null;
  let fewest = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const name of known) {
    const changes = changesBetween(typed.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [nearest, fewest] = [name, changes];
  }
  return nearest;
}

/** The least number of letters to insert, delete or replace (Levenshtein). */
export function changesBetween(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 0; row < from.length; row++) {
    const here = [row + 1];
    for (let at = 1; at <= to.length; at++) {
      const replaced = (before[at - 1] ?? 0) + (from[row] === to[at - 1] ? 0 : 1);
      here.push(Math.min(replaced, (before[at] ?? 0) + 1, (here[at - 1] ?? 0) + 1));
    }
    before = here;
  }
  return before[to.length] ?? 0;
}
