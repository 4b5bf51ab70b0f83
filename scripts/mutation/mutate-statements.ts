// Changes that leave an effect out, do not wait for it, or go on where the code would leave.

import type { Change } from "./mutant.ts";
import { isNode, type SyntaxNode, walkSyntax } from "./walk-syntax.ts";

export function mutateStatements(text: string): Change[] {
  return [...walkSyntax(text)].flatMap(changesOf);
}

const LEAVING = ["ThrowStatement", "ContinueStatement", "BreakStatement"];

function changesOf(node: SyntaxNode): Change[] {
  const { type, start, end, argument, expression } = node;
  const without = (mutator: string) => ({ mutator, start, end, replacement: ";" });
  if (LEAVING.includes(type) || (type === "ReturnStatement" && !isNode(argument))) return [without("LeavingRemoved")];
  if (type !== "ExpressionStatement") return [];
  if (!isNode(expression) || expression.type !== "AwaitExpression") return [without("EffectRemoved")];
  const notWaiting = { start, end: start + "await".length, replacement: "void" };
  return [without("EffectRemoved"), { mutator: "AwaitRemoved", ...notWaiting }];
}
