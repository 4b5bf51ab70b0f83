// Requests have one length, whatever they hold.

import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildChaff } from "./build-chaff.ts";
import { buildRequest, drawText } from "./build-request.ts";
import { sentKeysOf } from "./upload-mac.ts";

const LENGTH = 16_384;

const anyContent = fc.record({
  sentKeys: fc.integer({ min: 1, max: 30 }).map((count) =>
    sentKeysOf(
      Array.from({ length: count }, (_, day) => ({
        keyData: randomBytes(16),
        rollingStart: 2_900_000 + 144 * day,
        rollingPeriod: 144,
      })),
    ),
  ),
  healthAuthorityId: fc.string({ unit: "binary", maxLength: 100 }),
  certificate: fc.string({ maxLength: 3_000 }),
  hmacSecret: fc.uint8Array({ maxLength: 64 }),
  revisionToken: fc.option(fc.string({ maxLength: 2_000 }), { nil: undefined }),
  symptomOnsetInterval: fc.option(fc.nat(3_000_000), { nil: undefined }),
  traveler: fc.option(fc.boolean(), { nil: undefined }),
});

function withoutUndefined<Value extends object>(
  value: Value,
): { [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Value]: Exclude<Value[Name], undefined> };
}

describe("a request", () => {
  test("has exactly the length that is asked for, and says what it was given", () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const { body } = buildRequest(withoutUndefined(content), LENGTH, randomBytes);
        expect(body).toHaveLength(LENGTH);
        const { padding, hmacKey, ...sent } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
        expect(padding).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
        expect(Uint8Array.fromBase64(String(hmacKey))).toEqual(content.hmacSecret);
        expect(sent).toEqual(
          withoutUndefined({
            temporaryExposureKeys: content.sentKeys,
            healthAuthorityID: content.healthAuthorityId.toWellFormed(),
            verificationPayload: content.certificate,
            symptomOnsetInterval: content.symptomOnsetInterval,
            traveler: content.traveler,
            revisionToken: content.revisionToken,
          }),
        );
      }),
    );
  });

  test("that does not fit is refused, and not sent at another length", () => {
    fc.assert(
      fc.property(anyContent, fc.nat(5_000), (content, length) => {
        try {
          expect(buildRequest(withoutUndefined(content), length, randomBytes).body).toHaveLength(length);
        } catch (error) {
          expect(error).toMatchObject({ code: "upload_too_large" });
        }
      }),
    );
  });
});

describe("chaff", () => {
  test("has the members of an upload, and with its header the length of one", () => {
    const { body } = buildChaff("app", LENGTH, randomBytes);
    expect(body.length + "x-chaff: 1\r\n".length).toBe(LENGTH);
    const chaff = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    expect(Object.keys(chaff)).toEqual([
      "temporaryExposureKeys",
      "healthAuthorityID",
      "verificationPayload",
      "hmacKey",
      "padding",
    ]);
    expect(String(chaff["verificationPayload"]).split(".")).toHaveLength(3);
  });

  test("is other chaff each time", () => {
    expect(buildChaff("app", LENGTH, randomBytes)).not.toEqual(buildChaff("app", LENGTH, randomBytes));
  });
});

test("drawn text has every length that is asked for", () => {
  for (let length = 0; length < 20; length++) expect(drawText(length, randomBytes)).toHaveLength(length);
});
