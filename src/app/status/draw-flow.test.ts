// The edges from which a picture of the flow is drawn.

import { expect, test } from "vitest";
import { drawFlow } from "./draw-flow.ts";

test("keys flow from other servers by sources and exports, and by mirrors, to locations", () => {
  const nation = "https://nation.example/index.txt";
  const edges = drawFlow({
    sources: [{ name: "state", indexUrl: "https://state.example/index.txt" }],
    exports: [
      { name: "main", location: "client" },
      { name: "second", location: "other" },
    ],
    mirrors: [{ name: "national", location: "client", indexUrl: nation }],
  });
  expect(edges.map(({ from, to }) => `${from.kind} ${from.name} -> ${to.kind} ${to.name}`)).toEqual([
    "origin https://state.example/index.txt -> source state",
    "source state -> exposures exposures",
    "exposures exposures -> export main",
    "export main -> location client",
    "exposures exposures -> export second",
    "export second -> location other",
    "origin https://nation.example/index.txt -> mirror national",
    "mirror national -> location client",
  ]);
});

test("a server without parts has no flow", () => {
  expect(drawFlow({ sources: [], exports: [], mirrors: [] })).toEqual([]);
});
