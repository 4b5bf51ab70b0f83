// What a server says when it has started, on wide and on narrow screens.

import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { RunningServer } from "../../app/serve/start-server.ts";
import { parseConfig } from "../../platform/config/config.ts";
import { renderStart } from "./render-start.ts";

const running = {
  publicUrl: "http://127.0.0.1:8080",
  adminUrl: null,
  metricsUrl: null,
  database: null,
} as unknown as RunningServer;

const linesAt = (columns: number) =>
  stripVTControlCharacters(renderStart(parseConfig({ name: "state" }), running, "1.2.3", columns))
    .split("\n")
    .filter((line) => line !== "");

test("it stands in a box, and without one where the box would be wider than the screen", () => {
  const boxed = linesAt(80);
  expect(new Set(boxed.map((line) => line.length)).size).toBe(1);
  expect(boxed[0]).toMatch(/^╭─+╮$/);
  const narrow = linesAt((boxed[0]?.length ?? 0) - 1);
  expect(narrow).toEqual(boxed.slice(1, -1).flatMap((line) => line.slice(2, -2).trimEnd() || []));
});
