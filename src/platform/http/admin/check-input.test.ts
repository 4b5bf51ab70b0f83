// What routes are given is what their schemas say, whatever was sent.

import * as fc from "fast-check";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../core/coded-error.ts";
import { changeRoute, readRoute } from "./admin-route.ts";
import { CLOSED } from "./admin-schemas.ts";
import { type CheckInput, compileInputCheck, type InputParts } from "./check-input.ts";

const words = { operationId: "x", tag: "x", summary: "x", role: "auditor", codes: [], answer: Type.Null() } as const;
const params = Type.Object({ id: Type.Integer({ minimum: 0 }) }, CLOSED);
const query = Type.Object(
  { limit: Type.Optional(Type.Integer()), name: Type.Optional(Type.String({ maxLength: 10 })) },
  CLOSED,
);
const body = Type.Object({ name: Type.String(), more: Type.Optional(Type.Unknown()) }, CLOSED);

const checkRead = compileInputCheck(readRoute({ ...words, path: "/{id}", params, query, read: async () => null }));
const checkChange = compileInputCheck(
  changeRoute({
    ...words,
    path: "/{id}",
    method: "POST",
    status: 200,
    params,
    body,
    resource: () => ({ kind: "x", name: "x" }),
    look: async () => null,
    change: async () => null,
  }),
);

const asked = { params: { id: "7" }, query: {}, body: {} };
const sent = { ...asked, body: { name: "x" } };

function refusalOf(check: CheckInput, parts: InputParts): string {
  try {
    check(parts);
  } catch (error) {
    return `${codeOf(error)}: ${error instanceof Error ? error.message : ""}`;
  }
  return "none";
}

test("whole numbers in paths and queries become numbers, and nothing else", () => {
  const parts = { ...asked, query: { limit: "-20", name: "30" } };
  expect(checkRead(parts)).toEqual({ params: { id: 7 }, query: { limit: -20, name: "30" }, body: {} });
});

describe("refused", () => {
  test.each(["", " 7", "7.0", "7e0", "0x7", "07", "+7", "-0", "-1", "x", "12345678901234567"])("id %j", (id) => {
    expect(refusalOf(checkRead, { ...asked, params: { id } })).toMatch(/^request_invalid: path/);
  });

  test.each([
    ["an unknown member", { color: "green" }],
    ["a member twice", { name: ["a", "b"] }],
    ["a text that is too long", { name: "x".repeat(11) }],
    ["NUL", { name: "a\0b" }],
  ])("in a query: %s", (_, wrong) => {
    expect(refusalOf(checkRead, { ...asked, query: wrong })).toMatch(/^request_invalid: query/);
  });

  test("a query where there is none", () => {
    expect(refusalOf(checkChange, { ...sent, query: { a: "b" } })).toMatch(/^request_invalid: query/);
  });

  test.each<[string, unknown]>([
    ["a number as text", { name: 1 }],
    ["a list", []],
    ["a text", "x"],
    ["null", null],
    ["nothing", {}],
    ["an unknown member", { name: "x", other: 1 }],
    ["a prototype", JSON.parse('{"name":"x","__proto__":{"role":"administrator"}}')],
    ["a prototype deep inside", JSON.parse('{"name":"x","more":[{"__proto__":{}}]}')],
    ["NUL", { name: "a\0" }],
    ["NUL deep inside", { name: "x", more: [{ a: { b: "\0" } }] }],
    ["NUL in a name", { name: "x", more: { "\0": 1 } }],
    ["half a surrogate pair", { name: "\ud800" }],
    ["the other half", { name: "x", more: ["\udc00x"] }],
    ["a number beyond the exact range", { name: "x", more: 1e300 }],
    ["infinity", { name: "x", more: JSON.parse("1e999") }],
  ])("as a body: %s", (_, wrong) => {
    expect(refusalOf(checkChange, { ...sent, body: wrong })).toMatch(/^request_invalid: body/);
  });

  test("with the place of it", () => {
    expect(refusalOf(checkChange, { ...sent, body: { name: 1 } })).toBe("request_invalid: body/name: must be string");
    expect(refusalOf(checkChange, { ...sent, body: { name: "x", othr: 1 } })).toContain("body/othr: is not known");
    expect(refusalOf(checkChange, { ...sent, body: {} })).toBe("request_invalid: body/name: is missing");
    const long = { name: "x", ["y".repeat(10_000)]: 1 };
    expect(refusalOf(checkChange, { ...sent, body: long }).length).toBeLessThan(300);
  });

  test("without what was sent there", () => {
    const secret = "hunter2";
    expect(refusalOf(checkChange, { ...sent, body: { name: [secret], other: secret } })).not.toContain(secret);
    expect(refusalOf(checkRead, { ...asked, query: { name: secret.repeat(9) } })).not.toContain(secret);
  });
});

test("a body that is nested deeper than any stack is judged", () => {
  const depth = 120_000;
  const more: unknown = JSON.parse(`${"[".repeat(depth)}"\\u0000"${"]".repeat(depth)}`);
  expect(refusalOf(checkChange, { ...sent, body: { name: "x", more } })).toMatch(/NUL/);
});

test("whatever is sent is either refused with a code or fits the schema", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), fc.string({ unit: "binary" }), (json, text) => {
      const parts = { params: { id: "1" }, query: { name: text }, body: JSON.parse(json) };
      expect(refusalOf(checkChange, { ...parts, query: {} })).toMatch(/^(none|request_invalid: body.*)$/s);
      expect(refusalOf(checkRead, { ...parts, body: {} })).toMatch(/^(none|request_invalid: query.*)$/s);
    }),
  );
});
