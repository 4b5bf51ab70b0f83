// Diagnosis certificates: what is taken, and under which code everything else is refused.

import { createPublicKey } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certificateClaims, macOfKeys, makeAuthority, makeRequest } from "../../../test/support/certificates.ts";
import { codeOf } from "../../core/coded-error.ts";
import { ReportType } from "../../core/exposure-key.ts";
import type { ReportedEvent } from "../../platform/observe/report.ts";
import { authenticateStats } from "./authenticate-stats.ts";
import type { KnownAuthority } from "./authority-directory.ts";
import { DEFAULT_SETTINGS, isVerificationRefusal, VERIFICATION_CODES } from "./verification-types.ts";
import { verifyCertificate } from "./verify-certificate.ts";

const NOW = 1_700_000_000;
const authority = makeAuthority();
const stranger = makeAuthority(authority.iss, authority.kid);
const request = makeRequest();

function makeDeps(changes: Partial<KnownAuthority> = {}, times: { from?: number; until?: number | null } = {}) {
  const events: ReportedEvent[] = [];
  const publicKey = createPublicKey(authority.publicKeyPem);
  const authorityKey = { version: authority.kid, from: 0, until: null, ...times, publicKey: () => publicKey };
  const known = {
    id: 7,
    name: "state",
    aud: authority.aud,
    statsEnabled: true,
    authorityKeys: [authorityKey],
    ...changes,
  };
  return {
    events,
    settings: DEFAULT_SETTINGS,
    report: (event: ReportedEvent) => void events.push(event),
    directory: {
      find: async (iss: string) => (iss === authority.iss ? known : undefined),
      noteChange: () => undefined,
    },
  };
}

const deps = makeDeps();

function verify(certificate: string, given = deps, allowed: readonly number[] | null = null, of = request) {
  return verifyCertificate(given, certificate, of, allowed, NOW);
}

async function refusalOf(certificate: string, ...more: [typeof deps?, (readonly number[] | null)?]) {
  try {
    await verify(certificate, ...more);
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
  return undefined;
}

/** With these claims in place of the good ones. */
const withClaims = (claims: Readonly<Record<string, unknown>>) => authority.certify(request, NOW, claims);

describe("a good certificate", () => {
  test("says who vouches for what, and until when", async () => {
    expect(await verify(withClaims({ symptomOnsetInterval: 2_833_000 }))).toEqual({
      authorityId: 7,
      authorityName: "state",
      reportType: ReportType.confirmed,
      symptomOnsetInterval: 2_833_000,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      expiresAt: NOW + 900,
    });
  });

  test.each([
    ["confirmed", ReportType.confirmed],
    ["likely", ReportType.likely],
    ["user-report", ReportType.userReport],
    ["negative", ReportType.revoked],
  ])("may be about the report type %s", async (name, reportType) => {
    expect(await verify(withClaims({ reportType: name }))).toMatchObject({ reportType });
  });

  test.each([undefined, null, 0])("may state no onset: %s", async (symptomOnsetInterval) => {
    expect(await verify(withClaims({ symptomOnsetInterval }))).toMatchObject({ symptomOnsetInterval: null });
  });

  test.each([
    ["its audience as a list of one", { aud: [authority.aud] }],
    ["claims that nobody here knows", { trisk: [1, 2], sub: "a", jti: null, testDateInterval: 1.5 }],
    ["iat and nbf of 0, which count as absent", { iat: 0, nbf: 0 }],
    ["its HMAC in the other alphabet", { tekmac: Buffer.from(macOfKeys(request), "base64").toString("base64url") }],
  ])("may have %s", async (_, claims) => {
    expect(await verify(withClaims(claims))).toMatchObject({ authorityId: 7 });
  });

  test("may leave out the risks where all are 0", async () => {
    const withoutRisks = makeRequest(3, 2_833_000, 0);
    const certificate = authority.certify(withoutRisks, NOW, { tekmac: macOfKeys(withoutRisks, "no-risks") });
    expect(await verify(certificate, deps, null, withoutRisks)).toMatchObject({ authorityId: 7 });
  });

  test("is one certificate however often it is signed, and another one for other words", async () => {
    const claims = certificateClaims(authority, request, NOW);
    const [first, second] = [authority.signJwt(claims), authority.signJwt(claims)];
    expect(first).not.toBe(second);
    const { digest } = await verify(first);
    expect((await verify(second)).digest).toBe(digest);
    expect((await verify(authority.signJwt({ ...claims, jti: "2" }))).digest).not.toBe(digest);
  });

  test("is for the apps that may upload for its authority", async () => {
    const certificate = withClaims({});
    expect(await verify(certificate, deps, [1, 7])).toMatchObject({ authorityId: 7 });
    expect(await refusalOf(certificate, deps, [1])).toBe("certificate_authority_not_allowed");
    expect(await refusalOf(certificate, deps, [])).toBe("certificate_authority_not_allowed");
  });
});

describe("a certificate is refused", () => {
  test.each([
    [{ iss: "elsewhere" }, "jwt_issuer_unknown"],
    [{ iss: undefined }, "jwt_issuer_unknown"],
    [{ iss: null }, "jwt_issuer_unknown"],
    [{ iss: ["gov.state.health"] }, "jwt_claim_invalid"],
    [{ iss: "gov.state.health " }, "jwt_issuer_unknown"],
    [{ iss: "__proto__" }, "jwt_issuer_unknown"],
    [{ aud: "elsewhere" }, "jwt_audience_wrong"],
    [{ aud: undefined }, "jwt_audience_wrong"],
    [{ aud: [] }, "jwt_claim_invalid"],
    [{ aud: [authority.aud, "elsewhere"] }, "jwt_claim_invalid"],
    [{ aud: [[authority.aud]] }, "jwt_claim_invalid"],
    [{ aud: { 0: authority.aud } }, "jwt_claim_invalid"],
    [{ sub: 7 }, "jwt_claim_invalid"],
    [{ jti: ["a"] }, "jwt_claim_invalid"],
    [{ exp: undefined }, "jwt_expiry_missing"],
    [{ exp: 0 }, "jwt_expiry_missing"],
    [{ exp: null }, "jwt_expiry_missing"],
    [{ exp: `${NOW + 900}` }, "jwt_claim_invalid"],
    [{ exp: NOW + 0.5 }, "jwt_claim_invalid"],
    [{ exp: 2 ** 60 }, "jwt_claim_invalid"],
    [{ exp: true }, "jwt_claim_invalid"],
    [{ exp: NOW - 61 }, "jwt_expired"],
    [{ exp: NOW + 86_401 }, "jwt_lifetime_too_long"],
    [{ iat: NOW + 61 }, "jwt_not_yet_valid"],
    [{ iat: "now" }, "jwt_claim_invalid"],
    [{ nbf: NOW + 61 }, "jwt_not_yet_valid"],
    [{ nbf: [] }, "jwt_claim_invalid"],
    [{ reportType: undefined }, "certificate_report_type_invalid"],
    [{ reportType: null }, "certificate_report_type_invalid"],
    [{ reportType: "Confirmed" }, "certificate_report_type_invalid"],
    [{ reportType: "toString" }, "certificate_report_type_invalid"],
    [{ reportType: 1 }, "jwt_claim_invalid"],
    [{ symptomOnsetInterval: -1 }, "certificate_onset_invalid"],
    [{ symptomOnsetInterval: 1.5 }, "certificate_onset_invalid"],
    [{ symptomOnsetInterval: 2 ** 32 }, "certificate_onset_invalid"],
    [{ symptomOnsetInterval: "2833000" }, "certificate_onset_invalid"],
    [{ tekmac: undefined }, "certificate_mac_invalid"],
    [{ tekmac: "" }, "certificate_mac_invalid"],
    [{ tekmac: "*" }, "certificate_mac_invalid"],
    [{ tekmac: "AAAA" }, "certificate_mac_invalid"],
    [{ tekmac: 5 }, "jwt_claim_invalid"],
    [{ tekmac: macOfKeys(makeRequest()) }, "certificate_keys_mismatch"],
  ])("with %j", async (claims, code) => {
    expect(await refusalOf(withClaims(claims))).toBe(code);
  });

  test.each([
    ["a number beyond all numbers", '"exp":1e400'],
    ["a number that loses digits", '"exp":17000009000000000001'],
  ])("with %s", async (_, exp) => {
    const text = JSON.stringify(certificateClaims(authority, request, NOW)).replace(/"exp":\d+/, exp);
    expect(await refusalOf(authority.signJwt(text))).toBe("jwt_claim_invalid");
  });

  test("under another key of the same name", async () => {
    expect(await refusalOf(stranger.certify(request, NOW))).toBe("jwt_signature_invalid");
  });

  test("under a key that the authority does not have", async () => {
    const claims = certificateClaims(authority, request, NOW);
    expect(await refusalOf(authority.signJwt(claims, { kid: "v2" }))).toBe("jwt_key_unknown");
    expect(await refusalOf(authority.signJwt(claims), makeDeps({ authorityKeys: [] }))).toBe("jwt_key_unknown");
  });

  test("before its key begins, and from when it ends", async () => {
    const certificate = withClaims({});
    expect(await refusalOf(certificate, makeDeps({}, { from: NOW + 1 }))).toBe("jwt_key_not_valid");
    expect(await refusalOf(certificate, makeDeps({}, { until: NOW }))).toBe("jwt_key_not_valid");
    expect(await refusalOf(certificate, makeDeps({}, { from: NOW, until: NOW + 1 }))).toBeUndefined();
  });

  test("in the order of KS 4.2: what is wrong first is what is said", async () => {
    const wrongs: [Record<string, unknown>, string][] = [
      [{ tekmac: macOfKeys(makeRequest()) }, "certificate_keys_mismatch"],
      [{ reportType: "x" }, "certificate_report_type_invalid"],
      [{ iat: NOW + 100 }, "jwt_not_yet_valid"],
      [{ exp: NOW - 100 }, "jwt_expired"],
      [{ aud: "x" }, "jwt_audience_wrong"],
      [{ iss: "x" }, "jwt_issuer_unknown"],
    ];
    let claims = {};
    for (const [wrong, code] of wrongs) {
      claims = { ...claims, ...wrong };
      expect(await refusalOf(withClaims(claims))).toBe(code);
    }
    // Not the signature, although that is wrong too.
    expect(await refusalOf(stranger.certify(request, NOW, { iat: NOW + 100 }))).toBe("jwt_not_yet_valid");
    expect(await refusalOf(stranger.certify(request, NOW), deps, [1])).toBe("jwt_signature_invalid");
  });
});

describe("whatever is changed in a good certificate", () => {
  const certificate = withClaims({});

  test("it is refused: every character, replaced by each of three others", async () => {
    const codes = new Set<string | undefined>();
    for (let at = 0; at < certificate.length; at++) {
      const code = certificate.charCodeAt(at);
      const others = [code ^ 1, code ^ 0x20, (code * 7 + at) % 128].filter((other) => other !== code);
      const changed = others.map(
        (other) => certificate.slice(0, at) + String.fromCharCode(other) + certificate.slice(at + 1),
      );
      for (const found of await Promise.all(changed.map((text) => refusalOf(text)))) codes.add(found);
    }
    expect(codes).not.toContain(undefined);
    for (const code of codes) expect(VERIFICATION_CODES).toContain(code);
    for (const code of ["jwt_malformed", "jwt_signature_invalid"]) expect(codes).toContain(code);
  });

  test("it is refused: pieces taken out, doubled, or put elsewhere", async () => {
    const position = fc.nat(certificate.length);
    await fc.assert(
      fc.asyncProperty(position, position, position, async (from, to, target) => {
        const piece = certificate.slice(Math.min(from, to), Math.max(from, to));
        const rest = certificate.replace(piece, "");
        for (const text of [rest, piece + certificate, rest.slice(0, target) + piece + rest.slice(target)]) {
          if (text !== certificate) expect(VERIFICATION_CODES).toContain(await refusalOf(text));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("any text and any claims are answered with a code, or taken", async () => {
    const anyClaims = fc.record(
      {
        iss: fc.jsonValue(),
        aud: fc.jsonValue(),
        exp: fc.jsonValue(),
        reportType: fc.jsonValue(),
        tekmac: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        anyClaims,
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (text, claims, header) => {
          for (const jwt of [text, withClaims(claims), authority.signJwt(text), authority.signJwt(claims, header)]) {
            expect([...VERIFICATION_CODES, undefined]).toContain(await refusalOf(jwt));
          }
        },
      ),
    );
  });
});

describe("a refusal", () => {
  test("is reported under its code and without the certificate", async () => {
    const given = makeDeps();
    const certificate = withClaims({ aud: "elsewhere" });
    await refusalOf(certificate, given);
    expect(given.events).toEqual([
      {
        event: "verification.refused",
        kind: "certificate",
        code: "jwt_audience_wrong",
        reason: 'state: the audience is "elsewhere"',
      },
    ]);
    for (const part of certificate.split(".")) expect(JSON.stringify(given.events)).not.toContain(part);
  });

  test("of a stranger's long issuer is cut short", async () => {
    const given = makeDeps();
    await refusalOf(withClaims({ iss: "\n".repeat(3_000) }), given);
    expect(String(given.events[0]?.["reason"]).length).toBeLessThan(300);
    expect(given.events[0]?.["reason"]).not.toContain("\n");
  });

  test("is told from a failure of the database, which is no word on the certificate", async () => {
    const outage = new Error("gone");
    const given = { ...makeDeps(), directory: { find: () => Promise.reject(outage), noteChange: () => undefined } };
    await expect(verify(withClaims({}), given)).rejects.toBe(outage);
    expect(isVerificationRefusal(outage)).toBe(false);
    expect(given.events).toEqual([]);
  });
});

describe("a token for statistics", () => {
  const claims = { iss: authority.iss, aud: "keyserver", iat: NOW, exp: NOW + 300 };
  const ask = (token: string, given = deps) => authenticateStats(given, token, "keyserver", NOW);

  test("names the authority that signed it", async () => {
    expect(await ask(authority.signJwt(claims))).toEqual({ authorityId: 7 });
  });

  test.each([
    [{ aud: authority.aud }, "jwt_audience_wrong"],
    [{ aud: undefined }, "jwt_audience_wrong"],
    [{ iss: "elsewhere" }, "jwt_issuer_unknown"],
    [{ sub: 7 }, "jwt_claim_invalid"],
    [{ jti: ["a"] }, "jwt_claim_invalid"],
    [{ exp: undefined }, "jwt_expiry_missing"],
    [{ exp: NOW - 61 }, "jwt_expired"],
  ])("is refused with %j", async (changes, code) => {
    await expect(ask(authority.signJwt({ ...claims, ...changes }))).rejects.toMatchObject({ code });
  });

  test("is refused from others, and to an authority without statistics", async () => {
    await expect(ask(stranger.signJwt(claims))).rejects.toMatchObject({ code: "jwt_signature_invalid" });
    const disabled = makeDeps({ statsEnabled: false });
    await expect(ask(authority.signJwt(claims), disabled)).rejects.toMatchObject({ code: "stats_not_enabled" });
    expect(disabled.events).toMatchObject([{ kind: "stats-token", code: "stats_not_enabled" }]);
  });

  test("is not what a patient has, even where the audiences are one", async () => {
    const certificate = authority.certify(request, NOW, { aud: "keyserver" });
    await expect(ask(certificate)).rejects.toMatchObject({ code: "jwt_claim_invalid" });
  });
});

test("the event loop turns while a signature is verified, at least once for each", async () => {
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  for (let verified = 0; verified < 100; verified++) await verify(withClaims({}));
  isDone = true;
  expect(turns).toBeGreaterThan(50);
});
