// Requests read to the letter of KS 3.1 and 3.2, answers written as KS 3.3 wants them.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "./read-members.ts";
import { parseBody, readPublishRequest, writePublishAnswer } from "./wire-format.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => {
  const parsed = parseBody(utf8(text));
  return isProblem(parsed) ? parsed : readPublishRequest(parsed.value);
};
const KEY = { key: "AAAAAAAAAAAAAAAAAAAAAA==", rollingStartNumber: 2_991_600, rollingPeriod: 144, transmissionRisk: 3 };

describe("a body", () => {
  test.each([
    ["nothing", utf8("")],
    ["a byte order mark before it", utf8("\u{feff}{}")],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["a second value", utf8("{}{}")],
    ["a cut value", utf8('{"padding":"abc')],
    ["a comment", utf8("{} // done")],
    ["a trailing comma", utf8('{"padding":"",}')],
    ["a NUL behind it", utf8("{}\0")],
    ["nesting without an end", utf8("[".repeat(64_000))],
  ])("of %s is refused", (_what, bytes) => {
    expect(isProblem(parseBody(bytes))).toBe(true);
  });

  test("of deep nesting is read without harm", () => {
    const depth = 30_000;
    expect(isProblem(parseBody(utf8("[".repeat(depth) + "]".repeat(depth))))).toBe(false);
  });

  test("of any bytes is a value or a problem", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseBody(bytes)));
  });
});

describe("a request", () => {
  test("has all its members", () => {
    const content = {
      temporaryExposureKeys: [KEY],
      healthAuthorityID: "org.state",
      verificationPayload: "a.b.c",
      hmacKey: "AAAA",
      symptomOnsetInterval: 2_991_000,
      traveler: true,
      revisionToken: "BBBB",
      padding: "xxxx",
    };
    expect(read(JSON.stringify(content))).toEqual({
      keys: [KEY],
      healthAuthorityId: "org.state",
      verificationPayload: "a.b.c",
      hmacKey: "AAAA",
      symptomOnsetInterval: 2_991_000,
      traveler: true,
      revisionToken: "BBBB",
    });
  });

  test.each(["null", "{}", '{"temporaryExposureKeys":null,"traveler":null}', '{"symptomOnsetInterval":0}'])(
    "of %s is empty",
    (text) => {
      expect(read(text)).toEqual({
        keys: [],
        healthAuthorityId: "",
        verificationPayload: "",
        hmacKey: "",
        symptomOnsetInterval: null,
        traveler: false,
        revisionToken: "",
      });
    },
  );

  test.each([
    ['{"key":"AAAA"}', 144],
    ['{"key":"AAAA","rollingPeriod":null}', 144],
    ['{"key":"AAAA","rollingPeriod":0}', 0],
    ['{"key":"AAAA","ROLLINGPERIOD":7}', 7],
  ])("whose key is %s lasts %i intervals (KS P11)", (keyText, rollingPeriod) => {
    expect(read(`{"temporaryExposureKeys":[${keyText}]}`)).toMatchObject({ keys: [{ rollingPeriod }] });
  });

  test("with a key of null has an empty key, which is refused by itself", () => {
    expect(read('{"temporaryExposureKeys":[null]}')).toMatchObject({ keys: [{ key: "", rollingStartNumber: 0 }] });
  });

  test.each([
    "[]",
    '"text"',
    "1",
    '{"temporaryExposureKeys":{}}',
    '{"temporaryExposureKeys":[1]}',
    '{"temporaryExposureKeys":[[]]}',
    '{"temporaryExposureKeys":[{"key":1}]}',
    '{"temporaryExposureKeys":[{"rollingStartNumber":"1"}]}',
    '{"temporaryExposureKeys":[{"rollingStartNumber":1.5}]}',
    '{"temporaryExposureKeys":[{"reportType":1}]}',
    '{"healthAuthorityID":["org.state"]}',
    '{"traveler":1}',
    '{"symptomOnsetInterval":2147483648}',
    '{"padding":{}}',
    '{"regions":["US"]}',
  ])("of %s is refused", (text) => {
    expect(read(text)).toHaveProperty("problem");
  });

  test("says which key is wrong, by its place", () => {
    expect(read('{"temporaryExposureKeys":[{},{"rollingPeriod":"144"}]}')).toEqual({
      problem: "rollingPeriod of key 1 is no int32",
    });
  });
});

describe("an answer", () => {
  test("leaves out what is empty or zero", () => {
    const empty = { revisionToken: "", insertedExposures: 0, error: "", warnings: [] };
    expect(writePublishAnswer(empty, "cGFk")).toBe('{"padding":"cGFk"}');
  });

  test("has everything else", () => {
    const answer = {
      revisionToken: "dG9rZW4=",
      insertedExposures: 3,
      error: "key 1: too old",
      code: "partial_failure",
      warnings: ["key 2: too many days from the symptom onset"],
    } as const;
    expect(JSON.parse(writePublishAnswer(answer, "cGFk"))).toEqual({ ...answer, padding: "cGFk" });
  });
});
