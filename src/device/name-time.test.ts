// The name-time column of DB 1.6, cell by cell, and the rules of DB 1.4.

import { describe, expect, test } from "vitest";
import { codeOf } from "../core/coded-error.ts";
import type { Follower } from "./follower.ts";
import { createNameTimeAndroid, createNameTimeIos, type NameTimeMemory } from "./name-time.ts";

const LOCATION = { indexUrl: "https://h/v1/index.txt", baseUrl: "https://h" };

// The letters of DB 1.6 as windows of one hundred seconds; x is a file that came late, C is c renamed, y a timely insertion.
const NAMES: Readonly<Record<string, string>> = {
  a: "v1/100-200-1.zip",
  b: "v1/200-300-1.zip",
  c: "v1/300-400-1.zip",
  C: "v1/300-400-2.zip",
  d: "v1/400-500-1.zip",
  e: "v1/500-600-1.zip",
  x: "v1/250-350-1.zip",
  y: "v1/450-480-1.zip",
};
const LETTERS = new Map(Object.entries(NAMES).map(([letter, name]) => [name, letter]));
const AFTER_C: NameTimeMemory = { since: 400 };

function indexOf(letters: string): string {
  return letters
    .split(" ")
    .map((letter) => NAMES[letter] ?? letter)
    .join("\n");
}

function fetched(follower: Follower<NameTimeMemory>, body: string, memory: NameTimeMemory): string {
  const { wanted } = follower.plan([{ ...LOCATION, body }], memory);
  return wanted.map((file) => LETTERS.get(file.name) ?? file.name).join(" ");
}

function codeOfPlan(follower: Follower<NameTimeMemory>, body: string, memory: NameTimeMemory): string | undefined {
  try {
    follower.plan([{ ...LOCATION, body }], memory);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

describe.each([
  ["Android", createNameTimeAndroid()],
  ["iOS", createNameTimeIos()],
])("DB 1.6, column name time, %s, since the end of c", (_platform, follower) => {
  test.each([
    ["append", "a b c d e", "d e"],
    ["nothing new", "a b c", ""],
    ["head expired", "b c d", "d"],
    ["remembered line removed", "b d e", "d e"],
    ["a late insertion before the remembered line is never fetched", "a x c d", "d"],
    ["a timely insertion before the remembered line", "a y c d", "y d"],
    ["a late insertion behind the remembered line is never fetched", "a b c x d", "d"],
    ["a timely insertion behind the remembered line", "a b c y d", "y d"],
    ["a renamed file with the same start is not repeated", "a b C d", "d"],
    ["reorder, remembered first", "c a b d", "d"],
    ["reorder, new before remembered", "a b d c", "d"],
    ["duplicate later on", "a b c d c e", "d e"],
  ])("%s", (_situation, letters, expected) => {
    expect(fetched(follower, indexOf(letters), AFTER_C)).toBe(expected);
  });

  test("a duplicate at the very end, since the end of b", () => {
    expect(fetched(follower, indexOf("a b c b"), { since: 300 })).toBe("c");
  });

  test("a space inside a name is part of one path", () => {
    expect(fetched(follower, "400-500-a b.zip", AFTER_C)).toBe("400-500-a b.zip");
  });

  test.each([
    ["a leading slash gives a double slash", "/400-500-1.zip", "https://h//400-500-1.zip"],
    ["an absolute URL is appended to the base", "https://h/400-500-1.zip", "https://h/https://h/400-500-1.zip"],
  ])("%s", (_situation, line, url) => {
    expect(follower.plan([{ ...LOCATION, body: line }], AFTER_C).wanted.map((file) => file.url)).toEqual([url]);
  });

  test("base and index URL do not matter to the memory", () => {
    const moved = { indexUrl: "https://other/i", baseUrl: "https://other", body: indexOf("a b c") };
    expect(follower.plan([moved], AFTER_C).wanted).toEqual([]);
  });

  test("since moves to the largest end", () => {
    const plan = follower.plan([{ ...LOCATION, body: indexOf("a b c e d") }], AFTER_C);
    expect(plan.remember(new Set(plan.wanted.map((file) => file.url)))).toEqual({ since: 600 });
  });

  test("when nothing came, since stays", () => {
    const plan = follower.plan([{ ...LOCATION, body: indexOf("a b c d") }], AFTER_C);
    expect(plan.remember(new Set())).toEqual(AFTER_C);
  });
});

describe("DB 1.4, texts that kill the check on Android", () => {
  const follower = createNameTimeAndroid();
  test.each([
    ["empty body", ""],
    ["trailing newline", `${indexOf("a b c d")}\n`],
    ["blank line", indexOf("a b").replace("\n", "\n\n")],
    ["a name without hyphen", indexOf("a latest.zip")],
    ["a start that is not a number", indexOf("a x1-2.zip")],
    ["an end that is not a number", indexOf("400-x.zip")],
    ["an HTML page", "<html>\n<body>Not yet</body>\n</html>"],
  ])("%s", (_text, body) => {
    expect(codeOfPlan(follower, body, AFTER_C)).toBe("index_unparsable");
  });

  test("a trailing CR survives inside the path", () => {
    expect(fetched(follower, "300-400-1.zip\r\n400-500-1.zip\r", AFTER_C)).toBe("400-500-1.zip\r");
  });
});

describe("DB 1.4, texts on iOS", () => {
  const follower = createNameTimeIos();
  test("an empty body gives nothing", () => expect(fetched(follower, "", AFTER_C)).toBe(""));
  test("LF at the end and blank lines are dropped", () => {
    expect(fetched(follower, `${indexOf("a b c")}\n\n${indexOf("d")}\n`, AFTER_C)).toBe("d");
  });
  test("a CRLF index is one single line", () => {
    const body = "100-200-1.zip\r\n400-500-1.zip";
    expect(fetched(follower, body, { since: 100 })).toBe(body);
    expect(fetched(follower, body, AFTER_C)).toBe("");
  });
  test("a start that is not a number counts as 0", () => {
    expect(fetched(follower, "x1-900.zip", AFTER_C)).toBe("");
    expect(fetched(follower, "x1-900.zip", { since: 0 })).toBe("x1-900.zip");
  });
  test("a name without hyphen is skipped later, but crashes a first check", () => {
    expect(codeOfPlan(follower, "latest.zip", AFTER_C)).toBeUndefined();
    expect(codeOfPlan(follower, "latest.zip", { since: 0 })).toBe("index_unparsable");
  });
});

describe("DB 1.4, the cap", () => {
  const windows = Array.from({ length: 20 }, (_, index) => `${index + 1}00-${index + 2}00-1.zip`);
  test.each([
    ["Android", createNameTimeAndroid(), 12],
    ["iOS", createNameTimeIos(), 6],
  ])("%s: the last N on the first check, the first N later", (_platform, follower, cap) => {
    const body = windows.join("\n");
    expect(fetched(follower, body, { since: 0 })).toBe(windows.slice(-cap).join(" "));
    expect(fetched(follower, body, { since: 100 })).toBe(windows.slice(0, cap).join(" "));
  });

  test("files that share a start of which only some fitted the cap are lost", () => {
    const follower = createNameTimeAndroid(1);
    const body = "100-200-1.zip\n100-201-2.zip";
    const plan = follower.plan([{ ...LOCATION, body }], { since: 100 });
    const after = plan.remember(new Set(["https://h/100-200-1.zip"]));
    expect(fetched(follower, body, after)).toBe("");
  });
});

describe("DB 1.4, partial downloads: c failed, b and d came", () => {
  const body = indexOf("b c d");
  const arrived = new Set([NAMES["b"], NAMES["d"]].map((name) => `https://h/${name}`));

  test.each([
    ["Android", createNameTimeAndroid()],
    ["iOS", createNameTimeIos()],
  ])("%s: the gap below the largest end is lost", (_platform, follower) => {
    const after = follower.plan([{ ...LOCATION, body }], { since: 200 }).remember(arrived);
    expect(after).toEqual({ since: 500 });
    expect(fetched(follower, body, after)).toBe("");
  });

  test("when the last one failed, Android keeps it for later and iOS loses it", () => {
    const onlyB = new Set([`https://h/${NAMES["b"]}`]);
    const at = { since: 200 };
    expect(
      createNameTimeAndroid()
        .plan([{ ...LOCATION, body }], at)
        .remember(onlyB),
    ).toEqual({ since: 300 });
    expect(
      createNameTimeIos()
        .plan([{ ...LOCATION, body }], at)
        .remember(onlyB),
    ).toEqual({ since: 500 });
  });
});
