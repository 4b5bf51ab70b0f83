// The picture of what flows where: boxes with the names of the parts, arrows between them.

import type { FlowEdge, FlowNode } from "../../app/status/status-schemas.ts";
import { cutText } from "../output/fit-line.ts";
import { plainText } from "../output/plain-text.ts";
import { Canvas, type Style } from "./canvas.ts";
import { idOf, layOutFlow, type Placed } from "./lay-out-flow.ts";

const BOX_HEIGHT = 3;
const MOST_LABEL = 28;
/** An arrow's head and the line before it. */
const ARROW = 3;
/** From one upright line to the next. */
const LANE = 2;

interface Box extends Placed {
  readonly label: string;
  readonly left: number;
  readonly right: number;
  /** The row of characters in which its lines begin and end. */
  readonly middle: number;
}

/** Lines of text of at most `width` columns; where the boxes do not fit, a line for each arrow. */
export function drawPicture(
  flow: readonly FlowEdge[],
  styleOf: (node: FlowNode) => Style | null,
  width = Number.POSITIVE_INFINITY,
  isEnded: (node: FlowNode) => boolean = () => false,
): string[] {
  const labelOf = (node: FlowNode) => (isEnded(node) ? `${nameOf(node)} (ended)` : nameOf(node));
  const boxes = makeBoxes(flow, labelOf);
  const widest = Math.max(0, ...[...boxes.values()].map(({ right }) => right + 1));
  if (widest > width) return flow.map(({ from, to }) => `${labelOf(from)} ──▶ ${labelOf(to)}`);
  const canvas = new Canvas();
  for (const edge of flow) drawArrow(canvas, boxes, flow, edge);
  for (const box of boxes.values()) drawBox(canvas, box, styleOf(box.node));
  return canvas.lines();
}

function makeBoxes(flow: readonly FlowEdge[], labelOf: (node: FlowNode) => string): Map<string, Box> {
  const placed = layOutFlow(flow);
  const boxes = new Map<string, Box>();
  let left = 0;
  for (const column of [...new Set(placed.map((one) => one.column))].sort((one, other) => one - other)) {
    const here = placed.filter((one) => one.column === column);
    if (left > 0) left += lanesBefore(flow, here) * LANE + ARROW;
    const inner = Math.max(...here.map(({ node }) => Math.max(labelOf(node).length, node.kind.length + 1)));
    for (const one of here) {
      const box = { label: labelOf(one.node), left, right: left + inner + 3, middle: one.row * BOX_HEIGHT + 1 };
      boxes.set(idOf(one.node), { ...one, ...box });
    }
    left += inner + 4;
  }
  return boxes;
}

/** Lines that share an end share an upright line: where many meet in one part by the part, otherwise by where they begin. */
function laneOf({ from, to }: FlowEdge): string {
  return to.kind === "location" || to.kind === "exposures" ? idOf(to) : idOf(from);
}

function lanesInto(flow: readonly FlowEdge[], kinds: ReadonlySet<string>): string[] {
  return [...new Set(flow.filter(({ to }) => kinds.has(to.kind)).map(laneOf))];
}

function lanesBefore(flow: readonly FlowEdge[], here: readonly Placed[]): number {
  return lanesInto(flow, new Set(here.map(({ node }) => node.kind))).length;
}

function drawArrow(canvas: Canvas, boxes: ReadonlyMap<string, Box>, flow: readonly FlowEdge[], edge: FlowEdge): void {
  const [from, to] = [boxes.get(idOf(edge.from)), boxes.get(idOf(edge.to))];
  if (from === undefined || to === undefined) return;
  const besides = [...boxes.values()].filter(({ column }) => column === to.column).map(({ node }) => node.kind);
  const net = laneOf(edge);
  const lane = lanesInto(flow, new Set(besides)).indexOf(net);
  const turn = to.left - ARROW - lane * LANE;
  canvas.horizontal(net, from.right, turn, from.middle);
  canvas.vertical(net, turn, from.middle, to.middle);
  canvas.horizontal(net, turn, to.left - 1, to.middle);
  canvas.write(to.left - 1, to.middle, "▶");
}

function drawBox(canvas: Canvas, { node, label, left, right, middle }: Box, style: Style | null): void {
  const inner = right - left - 1;
  canvas.write(left, middle - 1, `┌ ${node.kind} ${"─".repeat(inner - node.kind.length - 2)}┐`, style);
  canvas.write(left, middle, "│", style);
  canvas.write(left + 1, middle, ` ${label.padEnd(inner - 1)}`);
  canvas.write(right, middle, "│", style);
  canvas.write(left, middle + 1, `└${"─".repeat(inner)}┘`, style);
}

function nameOf({ kind, name }: FlowNode): string {
  const text = plainText(
    kind === "origin" ? (URL.parse(name)?.host ?? name) : kind === "exposures" ? "all keys" : name,
  );
  return text.length <= MOST_LABEL ? text : `${cutText(text, MOST_LABEL - 1)}…`;
}
