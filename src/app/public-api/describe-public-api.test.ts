// The description of the public API: without a fault that a linter finds, and with schemas that say what the server reads.

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lintApi } from "../../../test/support/lint-api.ts";
import { isProblem } from "../../features/publish/read-members.ts";
import { readPublishRequest } from "../../features/publish/wire-format.ts";
import { publishRequestSchema, sentKeySchema } from "../../features/publish/wire-schemas.ts";
import { describePublicApi } from "./describe-public-api.ts";
import { documentRoute } from "./document-route.ts";

const ajv = addFormats.default(new Ajv2020({ strict: true }));
const isRequest = ajv.compile(publishRequestSchema);
const MEMBERS = Object.keys(publishRequestSchema.properties);
const KEY_MEMBERS = Object.keys(sentKeySchema.properties);

test("a linter has nothing to say about it", async () => {
  expect(await lintApi(describePublicApi("1.2.3"))).toEqual([]);
});

test("a linter would find what is wrong", async () => {
  expect(await lintApi({ ...describePublicApi("1.2.3"), servers: [] })).toHaveLength(1);
});

test("it is answered as it is, and nothing but GET is allowed there", async () => {
  const route = documentRoute("1.2.3");
  expect(route.path).toBe("/v1/openapi.json");
  const request = { method: "GET", headers: {}, body: new Uint8Array(0), clientAddress: "::1", now: 0 };
  const { status, body } = await route.answer(request);
  expect([status, JSON.parse(body)]).toEqual([200, describePublicApi("1.2.3")]);
  expect(route.refuse(405, "why")).toMatchObject({ status: 405, body: '{"code":"method_not_allowed"}' });
});

const valueOf: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  rollingStartNumber: fc.integer({ min: 1, max: 0x7fff_ffff }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.integer({ min: 0, max: 8 }),
  symptomOnsetInterval: fc.integer({ min: 0, max: 0x7fff_ffff }),
  traveler: fc.boolean(),
};

function arbitraryOf(
  names: readonly string[],
  required: readonly string[],
  more: Record<string, fc.Arbitrary<unknown>>,
) {
  const values = Object.fromEntries(names.map((name) => [name, valueOf[name] ?? fc.string()]));
  return fc.record({ ...values, ...more }, { requiredKeys: [...required] });
}

const key = arbitraryOf(KEY_MEMBERS, ["key", "rollingStartNumber"], {});
const request = arbitraryOf(MEMBERS, ["temporaryExposureKeys", "healthAuthorityID"], {
  temporaryExposureKeys: fc.array(key, { minLength: 1 }),
});

test("whatever fits the schema of a request is read, with every member that it has", () => {
  fc.assert(
    fc.property(request, (sent) => {
      expect(isRequest(sent)).toBe(true);
      const read = readPublishRequest(sent);
      if (isProblem(read)) throw new Error(read.problem);
      expect(read.keys).toHaveLength((sent as { temporaryExposureKeys: unknown[] }).temporaryExposureKeys.length);
    }),
  );
});

test("what the server cannot read does not fit", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(2 ** 31, -(2 ** 31) - 1, 0.5, "1", [], {}));
  const wrong = fc
    .tuple(request, fc.constantFrom(...MEMBERS, "regions", "platform"), anything)
    .map(([sent, name, value]) => ({
      ...sent,
      [name]: value,
    }));
  const wrongKey = fc
    .tuple(request, key, fc.constantFrom(...KEY_MEMBERS, "reportType"), anything)
    .map(([sent, one, name, value]) => ({ ...sent, temporaryExposureKeys: [{ ...one, [name]: value }] }));
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(wrong, wrongKey), (sent) => {
      if (!isProblem(readPublishRequest(sent))) return;
      refused++;
      expect(isRequest(sent)).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(100);
});
