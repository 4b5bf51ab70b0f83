// What `enks status --watch` draws with: bars, trends, and frames that do not flicker.

import { describe, expect, test } from "vitest";
import type { SourceStatusBody, StatusBody } from "../../app/status/status-schemas.ts";
import type { Screen, Terminal } from "../surroundings.ts";
import { createFrames } from "./frames.ts";
import { sparkline } from "./sparkline.ts";
import { renderTrends } from "./watch-status.ts";

test("a sparkline has a bar for each value, the highest for the greatest", () => {
  expect(sparkline([0, 1, 2, 4, 8])).toBe("▁▂▃▅█");
  expect(sparkline([0, 0])).toBe("▁▁");
  expect(sparkline([])).toBe("");
});

test("a trend shows what was gained between two looks, and the longest lag", () => {
  const seen = [at(10, 0), at(10, 60), at(40, 120)];
  expect(renderTrends(seen)).toContain("keys imported  ▁█  40\n");
  expect(renderTrends(seen)).toContain("longest lag    ▅█  2 min\n");
  expect(renderTrends(seen.slice(0, 1))).toBe("");
});

describe("frames", () => {
  test("are written over each other on a screen, each in one piece, and give the cursor back", () => {
    const { written, terminal } = terminalOf({ columns: 80, rows: 24 });
    const frames = createFrames(terminal);
    frames.show("one\ntwo\n");
    frames.show("three\n");
    frames.end();
    expect(written).toEqual([
      "\u001B[?25l\u001B[2J\u001B[Hone\u001B[K\ntwo\u001B[K\n\u001B[J",
      "\u001B[Hthree\u001B[K\n\u001B[J",
      "\u001B[?25h",
    ]);
  });

  test("never scroll the screen", () => {
    const { written, terminal } = terminalOf({ columns: 80, rows: 5 });
    createFrames(terminal).show("1\n2\n3\n4\n5\n6\n");
    expect(written.join("").match(/\n/g)?.length).toBeLessThan(5);
    expect(written.join("")).toContain("…");
  });

  test("follow each other where there is no screen, without any codes", () => {
    const { written, terminal } = terminalOf(null);
    const frames = createFrames(terminal);
    frames.show("one\n");
    frames.show("two\n");
    frames.end();
    expect(written.join("")).toBe("one\n\ntwo\n");
  });
});

function terminalOf(screen: Screen | null): { written: string[]; terminal: Terminal } {
  const written: string[] = [];
  const terminal: Terminal = {
    write: (text) => void written.push(text),
    writeDocument: (text) => void written.push(text),
    writeError: () => {},
    screen: () => screen,
    hasErrorScreen: false,
    ask: async () => null,
  };
  return { written, terminal };
}

function at(savedCount: number, lagSeconds: number): StatusBody {
  const source = { savedCount, lagSeconds } as SourceStatusBody;
  return { sources: [source], exports: [], mirrors: [] } as unknown as StatusBody;
}
