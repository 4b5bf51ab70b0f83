// What an output can show, by its stream and the environment.

import { describe, expect, test } from "vitest";
import { abilitiesOf } from "./terminal-abilities.ts";

const SCREEN = { isTTY: true };
const FILE = {};

describe("signs beyond ASCII", () => {
  test.each([
    { environment: { LANG: "de_DE.UTF-8" }, has: true },
    { environment: { LANG: "C.utf8" }, has: true },
    { environment: { LANG: "C" }, has: false },
    { environment: { LC_ALL: "C", LANG: "en_US.UTF-8" }, has: false },
    { environment: { LC_CTYPE: "en_US.UTF-8", LANG: "C" }, has: true },
    { environment: { LC_ALL: "", LANG: "en_US.UTF-8" }, has: true },
    { environment: { LANG: "en_US.UTF-8", TERM: "dumb" }, has: false },
    { environment: { LANG: "de_DE.ISO-8859-1" }, has: false },
    { environment: {}, has: false },
  ])("with $environment: $has", ({ environment, has }) => {
    expect(abilitiesOf(SCREEN, environment, "linux").hasUnicode).toBe(has);
    expect(abilitiesOf(FILE, environment, "linux").hasUnicode).toBe(has);
  });

  test("are there on the console of Windows, which has no locale of this kind", () => {
    expect(abilitiesOf(SCREEN, {}, "win32").hasUnicode).toBe(true);
    expect(abilitiesOf(FILE, {}, "win32").hasUnicode).toBe(false);
  });
});

test("only a terminal that is not dumb can be drawn on again", () => {
  expect(abilitiesOf(SCREEN, { TERM: "xterm" }, "linux").isScreen).toBe(true);
  expect(abilitiesOf(SCREEN, { TERM: "dumb" }, "linux").isScreen).toBe(false);
  expect(abilitiesOf(FILE, { TERM: "xterm" }, "linux").isScreen).toBe(false);
});
