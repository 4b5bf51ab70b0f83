// JSON objects as the reference reads them.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem, memberTypes, readMembers } from "./read-members.ts";

const TYPES = memberTypes({ name: "string", isOn: "boolean", count: "int32", size: "integer", items: "list" });

function read(json: string): Record<string, unknown> | string {
  const members = readMembers(JSON.parse(json), "the request", TYPES);
  return isProblem(members) ? members.problem : Object.fromEntries(members);
}

describe("members", () => {
  test.each([
    ["{}", {}],
    [
      '{"name":"a","isOn":false,"count":0,"size":0,"items":[]}',
      { name: "a", isOn: false, count: 0, size: 0, items: [] },
    ],
    ['{"NAME":"a","ison":true,"iTeMs":[1]}', { name: "a", isOn: true, items: [1] }],
    ['{"name":"first","Name":"second"}', { name: "second" }],
    ['{"name":"first","name":"second"}', { name: "second" }],
    ['{"name":null,"count":null}', {}],
    ['{"count":-2147483648}', { count: -2_147_483_648 }],
    ['{"count":2147483647,"size":2147483648}', { count: 2_147_483_647, size: 2_147_483_648 }],
    ['{"count":1e2}', { count: 100 }],
  ])("of %s are read", (json, members) => {
    expect(read(json)).toEqual(members);
  });

  test.each([
    ["null", "the request is no object"],
    ["[]", "the request is no object"],
    ['"text"', "the request is no object"],
    ['{"other":1}', "the request has an unknown member"],
    ['{"other":null}', "the request has an unknown member"],
    ['{"__proto__":{}}', "the request has an unknown member"],
    ['{"constructor":1}', "the request has an unknown member"],
    ['{"toString":1}', "the request has an unknown member"],
    ['{"name":1}', "name of the request is no string"],
    ['{"isOn":"true"}', "isOn of the request is no boolean"],
    ['{"count":"1"}', "count of the request is no int32"],
    ['{"count":1.5}', "count of the request is no int32"],
    ['{"count":2147483648}', "count of the request is no int32"],
    ['{"count":-2147483649}', "count of the request is no int32"],
    ['{"size":9007199254740992}', "size of the request is no integer"],
    ['{"size":1e999}', "size of the request is no integer"],
    ['{"items":{}}', "items of the request is no list"],
  ])("of %s are refused", (json, problem) => {
    expect(read(json)).toBe(problem);
  });

  test("of anything at all are read or refused, and no stranger's word is repeated", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const members = readMembers(value, "it", TYPES);
        if (!isProblem(members)) return;
        expect(members.problem).toMatch(
          /^(\w+ of )?it (is no (object|string|boolean|int32|integer|list)|has an unknown member)$/,
        );
      }),
    );
  });
});
