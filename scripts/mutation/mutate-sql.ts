// Changes of statements to the database: inside sql`...` templates, and of calls of the query builder.

import type { Change } from "./mutant.ts";
import { isNode, type SyntaxNode, walkSyntax } from "./walk-syntax.ts";

const SWAPS: readonly (readonly [pattern: RegExp, replacements: Readonly<Record<string, string>>])[] = [
  [/(?<![<>=!])(?:<=|>=|<|>)(?![<>=])/gu, { "<": "<=", "<=": "<", ">": ">=", ">=": ">" }],
  [/\b(?:and|or)\b/gu, { and: "or", or: "and" }],
  [/\b(?:asc|desc)\b/gu, { asc: "desc", desc: "asc" }],
  [/\b(?:min|max|least|greatest)(?=\()/gu, { min: "max", max: "min", least: "greatest", greatest: "least" }],
  [/\bis (?:not )?null\b/gu, { "is null": "is not null", "is not null": "is null" }],
  [/\b(?:not )?exists\b(?=\s*\()/gu, { exists: "not exists", "not exists": "exists" }],
  [/\b(?:true|false)\b/gu, { true: "false", false: "true" }],
  [/(?<= )[+-](?= )/gu, { "+": "-", "-": "+" }],
  [/\bfor (?:update|share)(?: skip locked)?\b/gu, { "for update": "", "for share": "", "for update skip locked": "" }],
  [/\border by [a-z_.]+(?=[\s`]|$)(?! *(?:,|asc|desc))/gu, {}],
];

/** `=` compares only behind one of these words; behind `set` it assigns. */
const COMPARING = /\b(?:where|and|or|on|when|having|not)\b/u;

export function mutateSql(text: string): Change[] {
  return [...walkSyntax(text)].flatMap((node) => [...changesOfTemplate(text, node), ...changesOfCall(node)]);
}

function changesOfTemplate(text: string, { type, tag, quasi }: SyntaxNode): Change[] {
  if (type !== "TaggedTemplateExpression" || !isNode(tag) || tag["name"] !== "sql") return [];
  const quasis = isNode(quasi) && Array.isArray(quasi["quasis"]) ? quasi["quasis"].filter(isNode) : [];
  return quasis.flatMap(({ start, end }) => changesIn(text.slice(start, end), start));
}

const OPERATORS: Readonly<Record<string, string>> = {
  "=": "!=",
  "!=": "=",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
};
const BUILDER_CALLS = ["where", "whereRef", "orderBy", "forUpdate", "skipLocked", "limit"];

/** `.where("a", "<", b)` with another operator, and without the call. */
function changesOfCall({ type, callee, end, ...call }: SyntaxNode): Change[] {
  if (type !== "CallExpression" || !isNode(callee) || callee.type !== "MemberExpression") return [];
  const { object, property } = callee;
  const isOfBuilder = isNode(property) && BUILDER_CALLS.includes(String(property["name"]));
  if (!isNode(object) || !isOfBuilder) return [];
  const texts = Array.isArray(call["arguments"]) ? call["arguments"].filter(isNode) : [];
  const operators = texts.filter(({ value }) => typeof value === "string" && value in OPERATORS);
  return [
    { mutator: "QueryCallRemoved", start: object.end, end, replacement: "" },
    ...operators.map((operator) => ({
      mutator: "QueryOperator",
      start: operator.start,
      end: operator.end,
      replacement: JSON.stringify(OPERATORS[String(operator["value"])]),
    })),
  ];
}

function changesIn(sql: string, offset: number): Change[] {
  const change = (at: number, length: number, replacement: string): Change => {
    return { mutator: "Sql", start: offset + at, end: offset + at + length, replacement };
  };
  const swaps = SWAPS.flatMap(([pattern, replacements]) =>
    [...sql.matchAll(pattern)].map(({ 0: found, index }) =>
      change(index, found.length, replacements[found] ?? (found.startsWith("order by") ? `${found} desc` : found)),
    ),
  );
  const equals = [...sql.matchAll(/(?<= )=(?= )/gu)]
    .filter(({ index }) => COMPARING.test(sql.slice(Math.max(0, sql.lastIndexOf("set ", index)), index)))
    .map(({ index }) => change(index, 1, "<>"));
  const numbers = [...sql.matchAll(/(?<=[ (])\d+(?![\w.])/gu)].map(({ 0: found, index }) =>
    change(index, found.length, String(Number(found) + 1)),
  );
  return [...swaps, ...equals, ...numbers];
}
