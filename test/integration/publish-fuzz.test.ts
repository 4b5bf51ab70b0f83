// Whatever is sent: a documented answer, nothing of it in the log, and the server is as well afterwards as before.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  CURRENT,
  contentOf,
  keysOf,
  MIDNIGHT,
  makePublishWorld,
  NOW,
  type PublishAnswer,
  type PublishWorld,
} from "../support/publish-world.ts";

/** Status and code of every answer that a phone can cause. */
const DOCUMENTED: Readonly<Record<number, readonly (string | undefined)[]>> = {
  200: [undefined, "partial_failure"],
  400: [
    "bad_request",
    "invalid_revision_token",
    "missing_revision_token",
    "key_already_revised",
    "invalid_report_type_transition",
  ],
  401: ["unknown_health_authority_id", "health_authority_verification_certificate_invalid", "unauthorized"],
  415: ["bad_request"],
};
const MEMBERS = new Set(["revisionToken", "insertedExposures", "error", "code", "padding", "warnings", "days"]);
/** Shorter texts occur by chance. */
const SECRET_LENGTH = 12;

/** Strings of the request that nobody may read in a log. */
function secretsIn(value: unknown, name = ""): string[] {
  if (typeof value === "string") return name === "healthAuthorityID" ? [] : [value, ...value.split(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => secretsIn(inner, member));
}

function expectDocumented(world: PublishWorld, sent: unknown, { status, text, headers, body }: PublishAnswer): void {
  expect([status, DOCUMENTED[status]?.includes(body.code)]).toEqual([status, true]);
  expect(headers["content-type"]).toBe("application/json");
  expect(Object.keys(body).filter((member) => !MEMBERS.has(member))).toEqual([]);
  expect(body.padding?.length).toBeGreaterThan(1_000);
  expect(text).not.toMatch(/\bat .*\.[jt]s\b|node_modules|select |insert /);
  const events = world.events.splice(0);
  expect(events.filter(({ level }) => level === "error")).toEqual([]);
  const logged = JSON.stringify(events);
  const secrets = [...secretsIn(sent), body.revisionToken ?? ""].filter(({ length }) => length >= SECRET_LENGTH);
  for (const secret of secrets) expect(logged.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
}

async function expectHealthy(world: PublishWorld): Promise<void> {
  const request = keysOf(14);
  expect(await world.upload(request)).toMatchObject({ status: 200, body: { insertedExposures: 14 } });
}

const wildText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.base64String({ maxLength: 60 }),
  fc.constantFrom("\0", "org.state\0", "\ud800", "a\udfffb", "__proto__", "constructor", "\u{feff}", "=".repeat(5_000)),
);
const wildNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 1e308, 2 ** 31, -(2 ** 31), 2 ** 32, 144, 145),
);
const wildValue = fc.oneof(wildText, wildNumber, fc.boolean(), fc.constant(null), fc.jsonValue(), fc.constant([[[]]]));
const memberName = fc.constantFrom(
  "temporaryExposureKeys",
  "healthAuthorityID",
  "HEALTHAUTHORITYID",
  "verificationPayload",
  "hmacKey",
  "symptomOnsetInterval",
  "traveler",
  "revisionToken",
  "padding",
  "__proto__",
  "extra",
);

/** Keys as phones never send them, for which there is a good certificate all the same. */
const wildKey = fc.record({
  key: fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytes.toBase64()) },
    fc.constantFrom("A".repeat(22), "/".repeat(21) + "w", "_".repeat(21) + "w", "", "AAAA", "A".repeat(24)),
    wildText,
  ),
  rollingStartNumber: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 16 }).map((day) => MIDNIGHT - 144 * day) },
    fc.integer({ min: CURRENT - 2_400, max: CURRENT + 2 }),
    fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)),
  ),
  rollingPeriod: fc.oneof({ weight: 6, arbitrary: fc.constant(144) }, fc.integer({ min: -1, max: 146 })),
  transmissionRisk: fc.oneof(fc.constant(0), fc.integer({ min: -1, max: 10 }), fc.maxSafeInteger()),
});

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat({ max: 3 }),
  inserted: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(...'{}[]",:\\0'.split("").map((one) => Buffer.from(one))),
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function applyEdit(bytes: Buffer, { at, removed, inserted }: Edit): Buffer {
  const place = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + removed)]);
}

describeOnEachDatabase("the publish API under fire", (open) => {
  const RUNS = { numRuns: 150 };

  test("of changed bytes", async () => {
    const world = await makePublishWorld(open);
    const request = keysOf();
    const good = Buffer.from(
      JSON.stringify(contentOf(request, { verificationPayload: world.authority.certify(request, NOW) })),
    );
    const changed = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.nat({ max: good.length }).map((length) => good.subarray(0, length)),
      fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => edits.reduce(applyEdit, good)),
      fc.constantFrom(...oddBodies(good.toString()).map((text) => Buffer.from(text))),
    );
    await fc.assert(
      fc.asyncProperty(changed, async (bytes) => {
        expectDocumented(world, contentOf(request), await world.post(bytes));
      }),
      { ...RUNS, numRuns: 400 },
    );
    await expectHealthy(world);
  });

  test("of members of any type and value", async () => {
    const world = await makePublishWorld(open);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(memberName, wildValue, { maxKeys: 4 }), async (members) => {
        const request = keysOf(2);
        const verificationPayload = world.authority.certify(request, NOW);
        const content = contentOf(request, { verificationPayload, ...members });
        expectDocumented(world, content, await world.post(content));
      }),
      { ...RUNS, numRuns: 300 },
    );
    await expectHealthy(world);
  });

  test("of keys as no phone sends them, under good certificates, again and again, with tokens of all kinds", async () => {
    const world = await makePublishWorld(open);
    const token = { last: "" };
    const seen = new Set<string>();
    const wildUpload = fc.record({
      keys: fc.oneof(fc.array(wildKey, { maxLength: 33 }), fc.subarray([...keysOf(8).keys], { maxLength: 3 })),
      reportType: fc.constantFrom("confirmed", "likely", "user-report", "negative"),
      onset: fc.oneof(fc.constant(0), fc.integer({ min: CURRENT - 5_000, max: CURRENT + 10 }), fc.integer()),
      traveler: fc.boolean(),
      useToken: fc.constantFrom("none", "last", "changed", "cut", "wild"),
      wild: wildText,
    });
    await fc.assert(
      fc.asyncProperty(wildUpload, async ({ keys, reportType, onset, traveler, useToken, wild }) => {
        const tokens = {
          none: "",
          last: token.last,
          changed: `B${token.last.slice(1)}`,
          cut: token.last.slice(0, 80),
          wild,
        };
        const request = { ...keysOf(1), keys };
        const members = { symptomOnsetInterval: onset, traveler, revisionToken: tokens[useToken] };
        const answer = await world.upload(request, { claims: { reportType }, members });
        token.last = answer.body.revisionToken ?? token.last;
        expectDocumented(world, contentOf(request, members), answer);
        seen.add(`${answer.status} ${answer.body.code ?? "good"}`);
      }),
      { numRuns: 400, seed: 20_261_124 },
    );
    // It went everywhere, and not only to where everything is refused.
    for (const code of ["good", "partial_failure"]) expect(seen).toContain(`200 ${code}`);
    const reached = [
      "bad_request",
      "invalid_report_type_transition",
      "invalid_revision_token",
      "missing_revision_token",
    ];
    for (const code of reached) expect(seen).toContain(`400 ${code}`);
    await expectHealthy(world);
  });

  test("of certificates that say anything", async () => {
    const world = await makePublishWorld(open);
    const claimName = fc.constantFrom(
      "iss",
      "aud",
      "exp",
      "iat",
      "nbf",
      "reportType",
      "tekmac",
      "symptomOnsetInterval",
    );
    const headerName = fc.constantFrom("alg", "kid", "typ", "crit", "jku");
    const forged = fc.record({
      claims: fc.dictionary(claimName, wildValue, { maxKeys: 2 }),
      header: fc.dictionary(headerName, wildValue, { maxKeys: 1 }),
      cut: fc.option(fc.nat({ max: 600 })),
    });
    await fc.assert(
      fc.asyncProperty(forged, async ({ claims, header, cut }) => {
        const request = keysOf(1);
        const full = world.authority.certify(request, NOW).split(".")[1] ?? "";
        const content = { ...(JSON.parse(Buffer.from(full, "base64url").toString()) as object), ...claims };
        const jws = world.authority.signJwt(content, header);
        const sent = contentOf(request, { verificationPayload: jws.slice(0, cut ?? jws.length) });
        // Issuer and key id may be logged, to say who is unknown.
        expectDocumented(world, { ...sent, claims: claims["tekmac"] }, await world.post(sent));
      }),
      RUNS,
    );
    await expectHealthy(world);
  });

  test("of tokens for statistics that say anything", async () => {
    const world = await makePublishWorld(open);
    const claimName = fc.constantFrom("iss", "aud", "exp", "iat", "tekmac");
    const asked = fc.record({
      claims: fc.dictionary(claimName, wildValue, { maxKeys: 2 }),
      prefix: fc.constantFrom("Bearer ", "bearer ", "Bearer", "", "Basic "),
      body: fc.oneof(fc.constant("{}"), fc.constant(""), fc.json(), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ claims, prefix, body }) => {
        const own = { iss: world.authority.iss, aud: "keyserver", iat: NOW, exp: NOW + 60 };
        const token = world.authority.signJwt({ ...own, ...claims });
        const authorization = `${prefix}${token}`;
        const answer = await world.post(Buffer.from(body), { authorization }, { path: "/v1/stats" });
        expectDocumented(world, { token }, answer);
      }),
      RUNS,
    );
  });
});

/** Texts that parsers disagree about. */
function oddBodies(good: string): string[] {
  return [
    `\u{feff}${good}`,
    `${good}${good}`,
    `${good} x`,
    `${good}\0`,
    good.replace("{", '{"__proto__":{"traveler":true},'),
    good.replace("{", '{"healthAuthorityID":"\\ud800",'),
    good.replace("{", '{"healthAuthorityID":"\\u0000",'),
    good.replace("{", '{"padding":"\\ud800\\udfff\\u0000",'),
    good.replace("{", `{"padding":${"[".repeat(20_000)}${"]".repeat(20_000)},`),
    good.replace("{", '{"symptomOnsetInterval":1e999,'),
    good.replace("{", `{"symptomOnsetInterval":${"9".repeat(5_000)},`),
    "null",
    "[]",
    "\ud800",
  ];
}
