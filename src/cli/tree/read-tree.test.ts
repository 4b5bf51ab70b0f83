// Trees as files: what is read, and what is refused with its line.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { readTree } from "./read-tree.ts";

test("values are read into their one way of writing", () => {
  const tree = readTree(
    "exports: [{ name: main, location: client, region: xx, includeRegions: [], period: 60m, from: 2026-11-24, thru: null }]",
    "a",
  );
  expect(tree.exports).toEqual([
    {
      name: "main",
      parts: [],
      values: {
        location: "client",
        region: "XX",
        includeRegions: ["XX"],
        period: "1h",
        from: "2026-11-24T00:00:00Z",
        thru: "never",
      },
    },
  ]);
});

test.each(["", "{}", "locations:\n", "locations: []", "# nothing"])("%j asks for nothing", (text) => {
  expect(Object.values(readTree(text, "a")).every((items) => items.length === 0)).toBe(true);
});

test("JSON is YAML", () => {
  expect(readTree('{"signingKeys": ["ours"]}', "a").signingKeys).toEqual([{ name: "ours", values: {}, parts: [] }]);
});

describe("refused with its line is", () => {
  test.each<[string, string, string]>([
    ["a section that is not known", "exprots: []", "line 1: exprots is not known; exports is"],
    ["a field that is not known", "locations:\n  - name: a\n    colour: red", "line 3: locations.colour is not known"],
    ["a value of another form", "locations:\n  - name: a\n    grace: 3", "line 3: locations.grace is not a duration"],
    [
      "a number for a text",
      "locations: [{ name: a, seals: [\n  { keyId: 1, keyVersion: v1 }] }]",
      "line 2: locations.seals.keyId is not a text, in quotation marks",
    ],
    ["what is missing", "exports:\n  - name: a\n    location: b", "line 2: exports has no region"],
    ["an item without a name", "exports:\n  - location: b\n    region: x", "line 2: exports has no name"],
    ["a name twice", "locations:\n  - name: a\n  - name: a", 'line 3: locations "a" is there twice'],
    ["a signing key twice", "signingKeys:\n  - a\n  - a", 'line 3: signingKeys "a" is there twice'],
    ["a member twice", "locations: []\nlocations: []", "line 2: Map keys must be unique"],
    ["a list that is none", "locations: client", "line 1: locations is not a list"],
    ["an item that is none", "locations:\n  - client", "line 2: locations is not a map"],
    [
      "a public key that is none",
      "locations: [{ name: a, seals: [{ publicKeyPem: x, keyId: a, keyVersion: b }] }]",
      "is not a public key on P-256",
    ],
    ["a tree that is a text", "hello", "line 1: the file is not a map"],
    ["broken YAML", "a: [", "line 1: "],
  ])("%s", (_, text, problem) => {
    expect(() => readTree(text, "a.yaml")).toThrow(
      expect.objectContaining({ code: "tree_invalid", message: expect.stringContaining(problem) }),
    );
  });
});

test("problems are named in the order of their lines, the first ten of them", () => {
  const text = `locations:\n${Array.from({ length: 15 }, (_, at) => `  - name: l${at}\n    x: 1\n`).join("")}`;
  try {
    readTree(text, "a");
    expect.unreachable();
  } catch (error) {
    const lines = String(error).match(/line \d+/g);
    expect(lines?.slice(0, 3)).toEqual(["line 3", "line 5", "line 7"]);
    expect(lines).toHaveLength(10);
    expect(String(error)).toContain("and 5 more");
  }
});

test("a few lines cannot become a flood", () => {
  const levels = Array.from({ length: 20 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}, *a${at}]`);
  expect(() => readTree(["a0: &a0 [x, x]", ...levels].join("\n"), "a")).toThrow(CodedError);
});

test("whatever a file holds, it is read or refused with the code", () => {
  const anyTree = fc.record(
    {
      locations: fc.jsonValue(),
      exports: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      signingKeys: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        anyTree.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        try {
          readTree(text, "a");
        } catch (error) {
          expect(error).toMatchObject({ code: "tree_invalid" });
        }
      },
    ),
  );
});
