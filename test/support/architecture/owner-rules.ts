// What only one place may do: write SQL, name a table, read the environment, ask the time.

import { basename } from "node:path";
import { allImports } from "./imports.ts";
import { codeOf, isTest, type SourceTree } from "./source-tree.ts";

const ENVIRONMENT_FILE = "src/platform/config/environment.ts";
const CLOCK_FILE = "src/platform/time/system-clock.ts";

function isProgram(path: string): boolean {
  return path.startsWith("src/") && path.endsWith(".ts") && !isTest(path);
}

function isQueryFile(path: string): boolean {
  return path.startsWith("src/platform/database/") || /^(queries(-[a-z-]+)?|[a-z-]+-queries)\.ts$/.test(basename(path));
}

/** Files that use the query builder although they are no query files. */
export function queriesElsewhere(tree: SourceTree): string[] {
  const imports = [...allImports(tree, (path) => isProgram(path) && !isQueryFile(path))];
  return imports.filter(([, imported]) => /^(kysely|pg|@electric-sql\/.*)$/.test(imported)).map(([path]) => path);
}

const CREATE_TABLE = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?/gi;
const BEFORE_A_TABLE = String.raw`\b(?:from|join|into|update|only|truncate|table|references|using)\s+"?`;
const BUILDER_CALL = String.raw`(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|\w+Join)\(\s*["']`;

/** Tables of one feature that another feature's queries or migrations name. `NNNN-move-to-FEATURE.sql` may fill those of FEATURE. */
export function foreignTables(tree: SourceTree): string[] {
  const wrong: string[] = [];
  for (const [table, owner] of tableOwners(tree)) {
    const naming = new RegExp(`(?:${BEFORE_A_TABLE}|${BUILDER_CALL})${table}\\b`, "i");
    for (const [path, text] of tree) {
      const writesSql = path.endsWith(".sql") || (isProgram(path) && isQueryFile(path));
      if (
        writesSql &&
        featureOf(path) !== owner &&
        !path.endsWith(`-move-to-${owner}.sql`) &&
        naming.test(codeOf(text))
      ) {
        wrong.push(`${path} names ${table}, which belongs to ${owner}`);
      }
    }
  }
  return wrong;
}

function tableOwners(tree: SourceTree): Map<string, string> {
  const owners = new Map<string, string>();
  for (const [path, text] of tree) {
    const owner = /^src\/features\/([^/]+)\/migrations\/[^/]+\.sql$/.exec(path)?.[1];
    if (owner === undefined) continue;
    for (const [, table = ""] of codeOf(text).matchAll(CREATE_TABLE)) owners.set(table, owner);
  }
  return owners;
}

function featureOf(path: string): string | undefined {
  return /^src\/features\/([^/]+)\//.exec(path)?.[1];
}

/** Files that read the environment although there is one place for it. */
export function environmentElsewhere(tree: SourceTree): string[] {
  return programsThat(tree, /\bprocess\s*\.\s*env\b|\benv\b[^;\n]*\bfrom\s*["'](?:node:)?process["']/, [
    ENVIRONMENT_FILE,
  ]);
}

/** Files that ask the time instead of a clock that is passed in. */
export function timeElsewhere(tree: SourceTree): string[] {
  const asks = /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()|\bTemporal\.Now\b|\bprocess\.hrtime\b/;
  const measures = /\bperformance\s*\.\s*(?:now|timeOrigin)\b/;
  const measuring = programsThat(tree, measures, [CLOCK_FILE]).filter((path) => !/^src\/(simulation|cli)\//.test(path));
  return [...programsThat(tree, asks, [CLOCK_FILE]), ...measuring];
}

function programsThat(tree: SourceTree, pattern: RegExp, allowed: readonly string[]): string[] {
  const programs = [...tree].filter(([path]) => isProgram(path) && !allowed.includes(path));
  return programs.filter(([, text]) => pattern.test(codeOf(text))).map(([path]) => path);
}
