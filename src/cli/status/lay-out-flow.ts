// Where each part of the flow stands: in a column by its kind, in a row where its lines are short and cross nothing.

import type { FlowEdge, FlowNode } from "../../app/status/status-schemas.ts";

export interface Placed {
  readonly node: FlowNode;
  /** From the left; a mirror stands where sources do. */
  readonly column: number;
  /** From the top. */
  readonly row: number;
}

const COLUMNS = { origin: 0, source: 1, mirror: 1, exposures: 2, export: 3, location: 4 } as const;

/** Two parts never share a place, and nothing stands between a mirror and its location. */
export function layOutFlow(flow: readonly FlowEdge[]): Placed[] {
  const nodes = [...new Map(flow.flatMap(({ from, to }) => [from, to]).map((node) => [idOf(node), node])).values()];
  const ofKind = (kind: FlowNode["kind"]) => nodes.filter((node) => node.kind === kind);
  const rows = new Map<string, number>();
  const place = (node: FlowNode, row: number) => rows.set(idOf(node), row);

  const [sources, exports, mirrors] = [ofKind("source"), ofKind("export"), ofKind("mirror")];
  const height = Math.max(sources.length, exports.length);
  for (const [row, node] of sources.entries()) place(node, row);
  for (const [row, node] of exports.entries()) place(node, row);
  for (const node of ofKind("exposures"))
    place(node, Math.max(0, Math.floor((Math.min(sources.length, exports.length) - 1) / 2)));
  for (const [at, node] of mirrors.entries()) place(node, height + at);
  placeBeside(ofKind("origin"), (node) => rowsOf(flow, rows, "to", node), place);
  placeBeside(ofKind("location"), (node) => rowsOf(flow, rows, "from", node), place);
  return nodes.map((node) => ({ node, column: COLUMNS[node.kind], row: rows.get(idOf(node)) ?? 0 }));
}

export function idOf({ kind, name }: FlowNode): string {
  return `${kind} ${name}`;
}

/** Each beside the first part that it has a line to, or below it where somebody stands already. */
function placeBeside(
  nodes: readonly FlowNode[],
  rowsBeside: (node: FlowNode) => number[],
  place: (node: FlowNode, row: number) => void,
): void {
  let free = 0;
  const wished = nodes.map((node) => ({ node, row: Math.min(...rowsBeside(node)) }));
  for (const { node, row } of wished.toSorted((one, other) => one.row - other.row)) {
    const taken = Math.max(free, row);
    place(node, taken);
    free = taken + 1;
  }
}

/** Of the parts at the other ends of its lines. */
function rowsOf(
  flow: readonly FlowEdge[],
  rows: ReadonlyMap<string, number>,
  end: "from" | "to",
  node: FlowNode,
): number[] {
  const other = end === "to" ? "from" : "to";
  return flow.filter((edge) => idOf(edge[other]) === idOf(node)).map((edge) => rows.get(idOf(edge[end])) ?? 0);
}
