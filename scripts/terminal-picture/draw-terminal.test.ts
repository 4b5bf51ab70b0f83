// A terminal's last state, and its picture.

import { expect, test } from "vitest";
import { drawTerminal } from "./draw-terminal.ts";
import { showOnScreen } from "./terminal-screen.ts";

const textOf = (written: string) =>
  showOnScreen(written).map((line) => line.map(({ character }) => character).join(""));

test("what was erased or written over is not there in the end", () => {
  expect(textOf("\u001B[?25l\u001B[36m███\u001B[39m 50 %\r\u001B[2Kdone\nnext\rN")).toEqual(["done", "Next"]);
});

test("styles hold until they end", () => {
  const [line = []] = showOnScreen("\u001B[1m\u001B[32ma\u001B[39m\u001B[22mb\u001B[2mc\u001B[0m");
  expect(line).toEqual([
    { character: "a", bold: true, dim: false, colour: 32 },
    { character: "b", bold: false, dim: false, colour: null },
    { character: "c", bold: false, dim: true, colour: null },
  ]);
});

test("a picture has every text, escaped, and lines instead of line characters", () => {
  const picture = drawTerminal("a title", showOnScreen("a <b> & c\n│ d ──▶ e"));
  expect(picture).toContain(">a &lt;b&gt; &amp; c</text>");
  expect(picture).toContain(">d</text>");
  expect(picture.match(/<path /g)).toHaveLength(2);
  expect(picture).not.toMatch(/<text[^>]*>[^<]*[│─▶]/);
});

test("what the picture cannot show is refused", () => {
  expect(() => showOnScreen("\u001B[3A")).toThrow("unknown escape sequence");
});
