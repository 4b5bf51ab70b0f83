// The stable codes of the program as its source has them, and as docs/errors.md has them.

import { codeOf, isTest, type SourceTree } from "../architecture/source-tree.ts";

/** `<type> <code>`; the type is "-" for a code that belongs to none. */
export type NamedCode = string;

const NO_TYPE = "-";
const TYPE = /^(?:export )?type (\w*(?:ErrorCode|RefusalCode|Refusal|Outcome|CheckFailure|Suspicion)) =([^;]*);/gm;
const LITERAL = /"([a-z0-9_]+)"/g;
/** Codes that stand in the code itself: thrown, answered with an HTTP status, or reported for want of a better one. */
const IN_PLACE = [
  /\bnew CodedError(?:<[\w| ]+>)?\(\s*"([a-z0-9_]+)"/g,
  /\b[45]\d\d, "([a-z0-9_]+)"/g,
  /\bcodeOf\(\w+\) \?\? "([a-z0-9_]+)"/g,
];

/** Every code of the program's files: those of the unions by the name of their type, then those that no union has. */
export function codesInSource(tree: SourceTree): Set<NamedCode> {
  const programs = [...tree].filter(([path]) => path.startsWith("src/") && path.endsWith(".ts") && !isTest(path));
  const texts = programs.map(([, text]) => codeOf(text));
  const named = texts.flatMap(codesOfTypes);
  const typed = new Set(named.map(({ code }) => code));
  const loose = texts.flatMap(codesInPlace).filter((code) => !typed.has(code));
  return new Set([...named.map(({ type, code }) => `${type} ${code}`), ...loose.map((code) => `${NO_TYPE} ${code}`)]);
}

/** Every code that the document has in the first column of a table, by the type that the heading before it names. */
export function codesInDocument(text: string): Set<NamedCode> {
  const codes = new Set<NamedCode>();
  let type = NO_TYPE;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) type = /^#+ `(\w+)`/.exec(line)?.[1] ?? NO_TYPE;
    const code = /^\| *`([a-z0-9_]+)`/.exec(line)?.[1];
    if (code !== undefined) codes.add(`${type} ${code}`);
  }
  return codes;
}

/** What the document lacks and what it has too much, a sentence each. */
export function differencesOf(tree: SourceTree, document: string): string[] {
  const source = codesInSource(tree);
  const documented = codesInDocument(document);
  return [
    ...[...source.difference(documented)].map((code) => `not documented: ${code}`),
    ...[...documented.difference(source)].map((code) => `documented but gone: ${code}`),
  ];
}

function codesOfTypes(text: string): { type: string; code: string }[] {
  return [...text.matchAll(TYPE)].flatMap(([, type = "", union = ""]) =>
    literalsIn(unionText(text, union)).map((code) => ({ type, code })),
  );
}

/** The union itself, or the constant list that it takes its members from. */
function unionText(text: string, union: string): string {
  const list = /\(typeof (\w+)\)\[number\]/.exec(union)?.[1];
  if (list === undefined) return union;
  return new RegExp(`const ${list} = \\[([^\\]]*)\\] as const`).exec(text)?.[1] ?? "";
}

function codesInPlace(text: string): string[] {
  return IN_PLACE.flatMap((form) => [...text.matchAll(form)].map(([, code = ""]) => code));
}

function literalsIn(text: string): string[] {
  return [...text.matchAll(LITERAL)].map(([, literal = ""]) => literal);
}
