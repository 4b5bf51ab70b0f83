// Archive names: written, and read as name-time phones read them.

import { expect, test } from "vitest";
import { archiveName, parseArchiveName } from "./archive-name.ts";

test("a name holds the window and is read back by name-time phones", () => {
  expect(archiveName(1_795_132_800, 1_795_147_200)).toBe("1795132800-1795147200-00001.zip");
  expect(parseArchiveName(archiveName(100, 300))).toEqual({ start: 100, end: 300 });
});

test.each([
  ["v1/100-300-00001.zip", { start: 100, end: 300 }],
  ["a-b/100-300.zip", { start: 100, end: 300 }],
  ["100-300", { start: 100, end: 300 }],
  ["0100-0300-x-y.zip", { start: 100, end: 300 }],
])("%s is read as a window, whatever its folder and rest", (name, window) => {
  expect(parseArchiveName(name)).toEqual(window);
});

test.each(["", "index.txt", "100.zip", "100-.zip", "-100-300.zip", "a-300.zip", "100-3oo.zip", "100-300/x.zip"])(
  "%j has no two leading numbers",
  (name) => {
    expect(parseArchiveName(name)).toBeNull();
  },
);
