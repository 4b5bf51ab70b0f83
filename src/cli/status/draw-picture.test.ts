// The picture of the flow.

import { styleText } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawFlow } from "../../app/status/draw-flow.ts";
import { drawPicture } from "./draw-picture.ts";
import { layOutFlow } from "./lay-out-flow.ts";

const STATE = "https://state.example/second/index.txt";
const NATION = "https://nation.example/client/index.txt";

const plain = (parts: Parameters<typeof drawFlow>[0], width?: number) =>
  drawPicture(drawFlow(parts), () => null, width);

test("a nation that imports a state and publishes it", () => {
  const sources = [{ name: "state", indexUrl: STATE }];
  const exports = [{ name: "main", location: "client" }];
  expect(plain({ sources, exports, mirrors: [] })).toEqual([
    "┌ origin ───────┐     ┌ source ─┐     ┌ exposures ─┐     ┌ export ─┐     ┌ location ─┐",
    "│ state.example │────▶│ state   │────▶│ all keys   │────▶│ main    │────▶│ client    │",
    "└───────────────┘     └─────────┘     └────────────┘     └─────────┘     └───────────┘",
  ]);
});

test("lines meet where they lead to the same part, and pass over others", () => {
  const exports = [
    { name: "main", location: "client" },
    { name: "other", location: "second" },
  ];
  const mirrors = [{ name: "nation", location: "client", indexUrl: NATION }];
  expect(plain({ sources: [], exports, mirrors })).toEqual([
    "                                     ┌ exposures ─┐     ┌ export ─┐       ┌ location ─┐",
    "                                     │ all keys   │──┬─▶│ main    │────┬─▶│ client    │",
    "                                     └────────────┘  │  └─────────┘    │  └───────────┘",
    "                                                     │  ┌ export ─┐    │  ┌ location ─┐",
    "                                                     └─▶│ other   │──────▶│ second    │",
    "                                                        └─────────┘    │  └───────────┘",
    "┌ origin ────────┐     ┌ mirror ─┐                                     │",
    "│ nation.example │────▶│ nation  │─────────────────────────────────────┘",
    "└────────────────┘     └─────────┘",
  ]);
});

describe("where it does not fit", () => {
  test("each arrow has a line", () => {
    const mirrors = [{ name: "nation", location: "client", indexUrl: NATION }];
    expect(plain({ sources: [], exports: [], mirrors }, 40)).toEqual([
      "nation.example ──▶ nation",
      "nation ──▶ client",
    ]);
  });

  test("long names are shortened", () => {
    const exports = [{ name: "x".repeat(60), location: "client" }];
    expect(plain({ sources: [], exports, mirrors: [] }).join("\n")).toContain(`│ ${"x".repeat(27)}… │`);
  });
});

test("a part has the colour of how it is doing", () => {
  const mirrors = [{ name: "nation", location: "client", indexUrl: NATION }];
  const flow = drawFlow({ sources: [], exports: [], mirrors });
  const [border = "", middle = ""] = drawPicture(flow, ({ kind }) => (kind === "mirror" ? "red" : null));
  const isColoured = styleText("red", "x") !== "x";
  expect(border.includes(styleText("red", "┌ mirror ─┐"))).toBe(true);
  expect(middle).toContain(`${styleText("red", "│")} nation  ${styleText("red", "│")}`);
  expect(border.includes("\u001B")).toBe(isColoured);
});

test("what has ended says so", () => {
  const exports = [
    { name: "main", location: "client" },
    { name: "old", location: "client" },
  ];
  const flow = drawFlow({ sources: [], exports, mirrors: [] });
  const picture = drawPicture(
    flow,
    () => null,
    undefined,
    ({ name }) => name === "old",
  ).join("\n");
  expect(picture).toContain("│ old (ended) │");
  expect(picture).toContain("│ main        │");
});

test("nothing flows, nothing is drawn", () => {
  expect(plain({ sources: [], exports: [], mirrors: [] })).toEqual([]);
});

test("no two parts ever share a place, and between a mirror and its location there is none", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const url = fc.constantFrom(STATE, NATION, "http://third.example/i");
  const parts = fc.record({
    sources: distinct(fc.record({ name, indexUrl: url })),
    exports: distinct(fc.record({ name, location: name })),
    mirrors: distinct(fc.record({ name, location: name, indexUrl: url })),
  });
  fc.assert(
    fc.property(parts, (given) => {
      const placed = layOutFlow(drawFlow(given));
      const places = placed.map(({ column, row }) => `${column},${row}`);
      expect(new Set(places).size).toBe(places.length);
      for (const mirror of placed.filter(({ node }) => node.kind === "mirror")) {
        const between = placed.filter(({ row, column }) => row === mirror.row && column > 1 && column < 4);
        expect(between).toEqual([]);
      }
      const picture = plain(given).join("\n");
      expect(picture.match(/┌ /g) ?? []).toHaveLength(placed.length);
      expect(picture.match(/▶/g)?.length ?? 0).toBeGreaterThanOrEqual(given.sources.length);
    }),
  );
});

function distinct<Item extends { name: string }>(items: fc.Arbitrary<Item>) {
  return fc.uniqueArray(items, { selector: (item) => item.name });
}
