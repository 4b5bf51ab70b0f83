// Every small change of a source file that may be tried: Stryker's, and our own where Stryker has none.

import { Instrumenter } from "@stryker-mutator/instrumenter";
import { applyChange, type Change, type Mutant } from "./mutant.ts";
import { mutateSql } from "./mutate-sql.ts";
import { mutateStatements } from "./mutate-statements.ts";

/** In the order of the text. Texts for people are left alone: they are no behaviour. */
export async function collectMutants(file: string, text: string): Promise<Mutant[]> {
  const changes = [...(await strykerChanges(file, text)), ...mutateStatements(text), ...mutateSql(text)];
  const distinct = new Map(changes.map((change) => [applyChange(text, change), change]));
  distinct.delete(text);
  return [...distinct.values()]
    .map((change) => ({
      file,
      line: text.slice(0, change.start).split("\n").length,
      original: text.slice(change.start, change.end),
      ...change,
    }))
    .filter((mutant) => !isTextForPeople(mutant))
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.replacement < b.replacement ? -1 : 1));
}

/** A string or template with a blank in it. Of SQL, whose emptying every test notices, the parts are mutated. */
function isTextForPeople({ mutator, original }: Mutant): boolean {
  return mutator === "StringLiteral" && /\s/u.test(original);
}

const silent = () => {};
const LOGGER = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

async function strykerChanges(file: string, text: string): Promise<Change[]> {
  const { mutants } = await new Instrumenter(LOGGER).instrument([{ name: file, mutate: true, content: text }], {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  const lineStarts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const offsetOf = ({ line, column }: { line: number; column: number }) => (lineStarts[line] ?? 0) + column;
  return mutants.map(({ mutatorName, location, replacement }) => ({
    mutator: mutatorName,
    start: offsetOf(location.start),
    end: offsetOf(location.end),
    replacement,
  }));
}
