// What a text has to be, in words made from the pattern that a schema has for it.

/** An optional first character, then a class with a bound: "^[a-z0-9][a-z0-9-]{0,62}$". */
const SIMPLE = /^\^(\[[^\]^]+\])?(\[[^\]^]+\])(?:\{(\d+),(\d+)\}|\*|\+)\$$/;

const WORDS = new Map([
  ["a-z", "lower-case letters"],
  ["A-Z", "upper-case letters"],
  ["0-9", "digits"],
  ["-", "dashes"],
  ["_", "underscores"],
  [".", "dots"],
]);

/** "must be of lower-case letters, digits and dashes, …"; null for a pattern that is not of characters alone. */
export function describePattern(pattern: string): string | null {
  const [, first, rest = "", , most] = SIMPLE.exec(pattern) ?? [];
  const members = wordsOfClass(rest);
  const beginning = first === undefined ? [] : wordsOfClass(first);
  if (members === null || beginning === null) return null;
  const length = most === undefined ? "" : `, at most ${Number(most) + (first === undefined ? 0 : 1)} characters`;
  const start = beginning.length === 0 || first === rest ? "" : `, the first one of ${joined(beginning)}`;
  return `must be of ${joined(members)}${start}${length}`;
}

function wordsOfClass(text: string): string[] | null {
  const members = text.slice(1, -1).match(/.-[^-]|./g) ?? [];
  const words = members.map((member) => WORDS.get(member));
  if (words.length === 0 || words.includes(undefined)) return null;
  const known = words.filter((word) => word !== undefined);
  const others = known.filter((word) => !word.endsWith("letters"));
  return known.length - others.length === 2 ? ["letters", ...others] : known;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
