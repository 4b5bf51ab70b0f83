// Tables for people.

import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, renderTable as renderColoured } from "./render-table.ts";

interface Row {
  readonly line: string;
  readonly count: number;
}

const columns: readonly Column<Row>[] = [
  { title: "line", value: ({ line }) => line, cut: true },
  { title: "count", value: ({ count }) => count },
];

/** Whether there are colours depends on who runs the tests. */
function renderTable(...given: Parameters<typeof renderColoured<Row>>): string {
  return stripVTControlCharacters(renderColoured(...given));
}

test("columns are aligned, numbers to the right", () => {
  const rows = [
    { line: "a", count: 5 },
    { line: "longer", count: 12_000 },
  ];
  expect(renderTable(columns, rows)).toBe("  line     count\n  a            5\n  longer  12,000\n");
});

describe("on a narrow screen", () => {
  test("long texts are shortened, and nothing else", () => {
    const text = renderTable(columns, [{ line: "v1/1795514400-1795528800-00001.zip", count: 1 }], 30);
    expect(text).toBe("  line                   count\n  v1/1795514400-179552…      1\n");
    expect(text.split("\n").every((line) => line.length <= 30)).toBe(true);
  });

  test("no line is wider than the screen, as long as something can give", () => {
    const rows = fc.array(fc.record({ line: fc.string(), count: fc.nat() }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 120 }), (given, width) => {
        for (const line of renderTable(columns, given, width).split("\n")) {
          expect(line.length).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

describe("on a screen that is too narrow for what may not be cut", () => {
  const all: readonly Column<Row>[] = [
    { title: "", value: ({ count }) => `row ${count}` },
    ...columns,
    { title: "an uncut column", value: () => "x" },
  ];

  test("each row becomes lines below what has no title", () => {
    const given = [
      { line: "a", count: 5 },
      { line: "b", count: 6 },
    ];
    expect(renderTable(all, given, 30)).toBe(
      [
        "  row 5",
        "    line: a   count: 5",
        "    an uncut column: x",
        "  row 6",
        "    line: b   count: 6",
        "    an uncut column: x",
        "",
      ].join("\n"),
    );
  });

  test("lines fit where titles do", () => {
    const rows = fc.array(fc.record({ line: fc.string(), count: fc.nat(999) }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 26, max: 60 }), (given, width) => {
        for (const line of renderTable(all, given, width).split("\n")) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("what people copy", () => {
  const url = `https://keys.example/${"a".repeat(90)}/index.txt`;
  const listed: readonly Column<{ name: string; url: string; count: number; why: string }>[] = [
    { title: "name", value: ({ name }) => name, whole: true },
    { title: "index", value: (row) => row.url, whole: true },
    { title: "count", value: ({ count }) => count },
    { title: "last failure", value: ({ why }) => why, cut: true },
  ];
  const rows = [{ name: "state", url, count: 12, why: "-" }];

  test("is never shortened: where the table does not fit, each row becomes lines", () => {
    const text = stripVTControlCharacters(renderColoured(listed, rows, 80));
    expect(text).toBe(`  state\n    index:\n    ${url}\n    count: 12\n`);
    expect(stripVTControlCharacters(renderColoured(listed, rows, 160))).toContain(` ${url} `);
  });

  test("is there whole at any width, and nothing else is wider than the screen", () => {
    const row = fc.record({ name: fc.constant("x"), url: fc.webUrl(), count: fc.nat(), why: fc.string() });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 3 }), fc.integer({ min: 40, max: 160 }), (given, width) => {
        const lines = stripVTControlCharacters(renderColoured(listed, given, width)).split("\n");
        for (const one of given) expect(lines.some((line) => line.includes(one.url))).toBe(true);
        for (const line of lines) {
          if (line.length > width) expect(given.some(({ url: whole }) => line.includes(whole))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

test("a text of others does not move the cursor", () => {
  expect(renderColoured(columns, [{ line: "\u001B[2J\n", count: 1 }])).not.toContain("\u001B[2J");
});
