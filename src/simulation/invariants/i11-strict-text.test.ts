// The text of an index (DB I11).

import { expect, test } from "vitest";
import { strictText } from "./i11-strict-text.ts";
import { hour, indexAt, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(text: string) {
  const indexes = [indexAt(hour(0), "a.zip"), indexAt(hour(1), text)];
  return strictText.check(makeObserved({ trees: [makeTree({ indexes })] }));
}

test("relative paths with LF between them are good", () => {
  expect(judge("a.zip\nb/c:d.zip\n~1-2_3.zip")).toBeNull();
});

test.each([
  ["a final line end", "a.zip\n"],
  ["a blank line", "a.zip\n\nb.zip"],
  ["CRLF", "a.zip\r\nb.zip"],
  ["a space in a name", "a b.zip"],
  ["a byte order mark", "\uFEFFa.zip"],
  ["a letter outside US-ASCII", "\u00E4.zip"],
  ["an HTML page", "<!DOCTYPE html><html>\n</html>"],
])("%s is found", (_, text) => {
  expect(judge(text)).toMatchObject({ at: hour(1), where: "client" });
});

test.each([
  ["a leading slash", "a.zip\n/b.zip", "/b.zip"],
  ["an absolute URL", "https://h.example/a.zip", "https://h.example/a.zip"],
  ["a line that is there twice", "a.zip\nb.zip\na.zip", "a.zip"],
])("%s is found with the line", (_, text, witness) => {
  expect(judge(text)).toMatchObject({ at: hour(1), witness });
});

test("an empty index is left to the invariant on that", () => {
  expect(judge("")).toBeNull();
});
