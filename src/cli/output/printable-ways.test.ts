// Every way on which texts of strangers reach a screen or a log, fed with every character that there is.

import { expect, test } from "vitest";
import { printableOutput } from "../../core/printable-text.ts";
import { createReport } from "../../platform/observe/pino-report.ts";
import { createTextReport } from "../../platform/observe/text-report.ts";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { renderTable } from "../render-table.ts";
import { renderFailure } from "../upload/summarise-results.ts";
import { jsonText, plainLines, plainText } from "./plain-text.ts";
import { renderChanges } from "./render-changes.ts";
import { renderFields } from "./render-fields.ts";
import { tellError } from "./tell-error.ts";

const clock = createVirtualClock(1_606_000_000);
const logged = (write: (lines: string[]) => void) => {
  const lines: string[] = [];
  write(lines);
  return lines.join("");
};

const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "a text": plainText,
  lines: plainLines,
  JSON: jsonText,
  "a column of a table": (text) => renderTable([{ title: "a", value: () => text }], [{}]),
  "a column that is cut": (text) =>
    renderTable(
      [
        { title: "a", value: () => text, cut: true },
        { title: "b", value: () => 1 },
      ],
      [{}],
      40,
    ),
  "a column that is whole": (text) => renderTable([{ title: "a", value: () => text, whole: true }], [{}]),
  "a record of a narrow table": (text) =>
    renderTable(
      [
        { title: "a", value: () => text },
        { title: "b", value: () => text },
      ],
      [{}],
      10,
    ),
  "a field": (text) => renderFields([["label", text]]),
  "a change": (text) => renderChanges({ [text]: text }, { [text]: `${text} other` }),
  "an error": (text) => tellError({ code: text, message: text, remedy: text }, false),
  "an error in JSON": (text) => tellError({ code: text, message: text, remedy: text }, true),
  "the failure of an upload": (message) =>
    renderFailure({
      at: 0,
      kind: "upload",
      outcome: "refused",
      isGood: false,
      milliseconds: 1,
      status: 400,
      code: message,
      message,
    }),
  "a log of JSON": (why) =>
    logged((lines) =>
      createReport({ level: "info", clock, destination: { write: (line) => void lines.push(line) } })({
        event: "a.b",
        why,
      }),
    ),
  "a log of text": (why) =>
    logged((lines) =>
      createTextReport({ level: "info", clock, write: (line) => void lines.push(line) })({ event: "a.b", why }),
    ),
};

/** But for the line ends of our own. */
const DANGEROUS = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Ours may style and move the cursor. */
const FOREIGN = new RegExp(String.raw`(?![\n\r\t\u{1B}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]`, "u");

/** All characters, halves of pairs too, in texts of four thousand. */
function* everything(): Generator<string> {
  for (let first = 0; first <= 0x10_ffff; first += 0x1000) {
    yield Array.from({ length: 0x1000 }, (_, at) => `${String.fromCodePoint(first + at)} `).join("");
  }
}

/** All of them that are not printed, with letters and pairs between them. */
const UNPRINTED = [...everything()].flatMap((text) => {
  const found = text.match(new RegExp(FOREIGN, "gu")) ?? [];
  return found.length === 0 ? [] : [`a\u{1f600}${found.join("b\u{10000}")}\u0000\t\r\u001b[2J`];
});

test.each(Object.entries(WAYS))("%s lets nothing through that a terminal obeys or a reader cannot see", (_, way) => {
  for (const text of UNPRINTED) expect(way(text)).not.toMatch(DANGEROUS);
  expect(way("\u009b31m\u202e")).toContain("\\u009b31m\\u202e");
});

test("the function behind them all is fed with every character", () => {
  for (const text of everything()) if (DANGEROUS.test(plainText(text))) expect(text).not.toMatch(DANGEROUS);
});

test("the last gate before a screen lets only our own through", () => {
  for (const text of UNPRINTED) expect(printableOutput(text)).not.toMatch(FOREIGN);
  expect(printableOutput("\u001B[1mbold\u001B[22m\n")).toBe("\u001B[1mbold\u001B[22m\n");
});
