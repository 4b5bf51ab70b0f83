// The syntax of a TypeScript source, node by node.

import { parse } from "@babel/parser";

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** Every node of the source, from the outside in. */
export function* walkSyntax(text: string): Generator<SyntaxNode> {
  yield* walk(parse(text, { sourceType: "module", plugins: ["typescript"] }).program);
}

function* walk(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const member of value) yield* walk(member);
  if (!isNode(value)) return;
  yield value;
  for (const [name, property] of Object.entries(value)) if (!name.endsWith("omments")) yield* walk(property);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
