// What is judged before anybody looks at stored keys, and in which order.

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { ReportType } from "../../core/exposure-key.ts";
import { DEFAULT_ONSET_OPTIONS } from "../../core/symptom-onset.ts";
import { DEFAULT_UPLOAD_LIMITS } from "../../core/validate-upload.ts";
import { type ClockDoubt, type ClockTrust, RELIED_ON } from "../../platform/time/clock-trust.ts";
import type { VerificationErrorCode, VerifiedCertificate } from "../verification/verification-types.ts";
import { describeRefused, prepareUpload } from "./prepare-upload.ts";
import type { AuthorizedApp, PublishRequest, SentKey } from "./publish-types.ts";

const NOW = 1_795_514_400;
const MIDNIGHT = NOW / 600 - 60;

const CERTIFICATE: VerifiedCertificate = {
  authorityId: 1,
  authorityName: "state",
  reportType: ReportType.confirmed,
  symptomOnsetInterval: MIDNIGHT - 144,
  digest: "aa",
  expiresAt: NOW + 900,
};

const APP: AuthorizedApp = {
  name: "org.state",
  regions: ["US-WA"],
  authorityIds: [1],
  bypassCertificate: false,
  bypassRevisionToken: false,
};

function sentKey(day: number, changes: Partial<SentKey> = {}): SentKey {
  const key = Buffer.alloc(16, day).toString("base64");
  return { key, rollingStartNumber: MIDNIGHT - 144 * day, rollingPeriod: 144, transmissionRisk: 0, ...changes };
}

interface Given {
  readonly request?: Partial<PublishRequest>;
  readonly app?: Partial<AuthorizedApp>;
  readonly refusal?: VerificationErrorCode;
  readonly isUnableToSeal?: boolean;
  readonly doubt?: ClockDoubt | null;
  readonly trust?: Partial<ClockTrust>;
}

/** With a certificate that is good unless `refusal` says why not, and a token of the bytes 1, 2, 3 that opens. */
function prepare({ request = {}, app = {}, refusal, isUnableToSeal = false, doubt = null, trust = {} }: Given = {}) {
  const sent: PublishRequest = {
    keys: [sentKey(1), sentKey(2)],
    healthAuthorityId: "org.state",
    verificationPayload: "a.b.c",
    hmacKey: "AAAA",
    symptomOnsetInterval: null,
    traveler: false,
    revisionToken: "",
    ...request,
  };
  const deps = {
    clock: { trust: () => ({ ...RELIED_ON, ...trust, doubt }) },
    verification: {
      verifyCertificate: async () => {
        if (refusal === undefined) return CERTIFICATE;
        throw new CodedError<VerificationErrorCode>(refusal, "it is not good");
      },
    },
    revision: {
      openToken: async (token: Uint8Array) => (token.toHex() === "010203" ? { entries: [] } : null),
      prepareSealing: async () => {
        if (isUnableToSeal) throw new CodedError("token_key_unavailable", "no token can be made");
        return () => "token";
      },
    },
    settings: { limits: DEFAULT_UPLOAD_LIMITS, onset: DEFAULT_ONSET_OPTIONS },
  };
  return prepareUpload(deps, sent, { ...APP, ...app }, "ios", NOW);
}

describe("an upload", () => {
  test("has what the app, the certificate and the keys say", async () => {
    expect(await prepare()).toMatchObject({
      kind: "prepared",
      refused: [],
      upload: {
        regions: ["US-WA"],
        traveler: false,
        now: NOW,
        certificate: CERTIFICATE,
        needsToken: true,
        platform: "ios",
        onsetDays: 1,
        exposureKeys: [
          { reportType: ReportType.confirmed, transmissionRisk: 2, daysSinceOnset: 0 },
          { reportType: ReportType.confirmed, transmissionRisk: 2, daysSinceOnset: -1 },
        ],
      },
    });
  });

  test.each([
    ["the request's before the certificate's", MIDNIGHT - 288, 2],
    ["the certificate's where the request's is too old", MIDNIGHT - 29 * 144, 1],
    ["the certificate's where the request's is to come", NOW / 600, 1],
  ])("has an onset: %s", async (_which, symptomOnsetInterval, onsetDays) => {
    expect(await prepare({ request: { symptomOnsetInterval } })).toMatchObject({ upload: { onsetDays } });
  });

  test("without a certificate has no report type, and the risk as sent, where the app may", async () => {
    const given = { app: { bypassCertificate: true }, request: { verificationPayload: "", hmacKey: "!" } };
    expect(await prepare({ ...given, refusal: "jwt_malformed" })).toMatchObject({
      upload: { certificate: null, onsetDays: null, exposureKeys: [{ reportType: null, transmissionRisk: 0 }, {}] },
    });
  });

  test("keeps its good keys, and names the others by their places in the request", async () => {
    const keys = [sentKey(1, { key: "short" }), sentKey(2), sentKey(20), sentKey(4, { transmissionRisk: 9 })];
    const prepared = await prepare({ request: { keys } });
    expect(prepared).toMatchObject({ kind: "prepared", upload: { exposureKeys: [{ rollingStart: MIDNIGHT - 288 }] } });
    expect(prepared.kind === "prepared" && describeRefused(prepared.refused)).toBe(
      "key 0: not 16 bytes in base64; key 2: too old; key 3: its transmission risk is not 0 to 8",
    );
  });
});

describe("a revision token", () => {
  test.each([
    ["", "absent"],
    ["no base64!", "absent"],
    ["====", "absent"],
    ["AQID", "opened"],
    ["AQIE", "unreadable"],
  ])("%j is %s", async (revisionToken, tokenState) => {
    expect(await prepare({ request: { revisionToken } })).toMatchObject({ upload: { tokenState } });
  });
});

describe("an upload is refused", () => {
  const manyKeys = Array.from({ length: 31 }, (_, at) => sentKey(at % 10));
  const certificateInvalid = "health_authority_verification_certificate_invalid";

  test.each<[string, Given, number, string, string]>([
    ["under a bad certificate", { refusal: "jwt_expired" }, 401, certificateInvalid, "jwt_expired"],
    [
      "under a bad certificate by an app that needs none (KS P25)",
      { refusal: "jwt_expired", app: { bypassCertificate: true } },
      401,
      certificateInvalid,
      "jwt_expired",
    ],
    ["with an HMAC key that is none", { request: { hmacKey: "?" } }, 401, certificateInvalid, "hmac_key_malformed"],
    ["without keys", { request: { keys: [] } }, 400, "bad_request", "no_keys"],
    ["with too many", { request: { keys: manyKeys } }, 400, "bad_request", "too_many_keys"],
    ["with none that is good", { request: { keys: [sentKey(40)] } }, 400, "bad_request", "no_valid_key"],
    [
      "with keys all too far from the onset (KS P14)",
      { request: { keys: [sentKey(1)], symptomOnsetInterval: MIDNIGHT - 20 * 144 } },
      400,
      "bad_request",
      "no_valid_key",
    ],
    [
      "with keys that overlap",
      { request: { keys: [sentKey(1), sentKey(1, { rollingStartNumber: MIDNIGHT - 100 })] } },
      400,
      "bad_request",
      "keys_overlap",
    ],
    [
      "with too many keys of one start",
      { request: { keys: [sentKey(1), sentKey(1), sentKey(1), sentKey(1)] } },
      400,
      "bad_request",
      "too_many_keys_with_same_start",
    ],
    [
      "for its certificate before its keys",
      { request: { keys: [] }, refusal: "jwt_expired" },
      401,
      certificateInvalid,
      "jwt_expired",
    ],
  ])("%s", async (_how, given, status, code, reason) => {
    expect(await prepare(given)).toMatchObject({ kind: "refused", status, code, reason });
  });

  test.each<[string, Given, string]>([
    ["a certificate that is over", { refusal: "jwt_expired" }, "jwt_expired"],
    ["a certificate that is not valid yet", { refusal: "jwt_not_yet_valid" }, "jwt_not_yet_valid"],
    ["a certificate whose key is not known yet", { refusal: "jwt_key_unknown" }, "jwt_key_unknown"],
    ["a key that is too old, beside one that is not", { request: { keys: [sentKey(1), sentKey(40)] } }, "key_time"],
    ["keys of the future", { request: { keys: [sentKey(-3)] } }, "key_time"],
  ])("for now only while the clock is in doubt: %s", async (_how, given, reason) => {
    for (const doubt of ["clock_ahead", "clock_behind", "clock_jumped", "clock_unproven"] as const) {
      const refused = { kind: "refused", status: 503, code: "clock_in_doubt", reason };
      expect(await prepare({ ...given, doubt })).toMatchObject(refused);
    }
  });

  test("for now without an onset, where it would be assumed by a clock that is days off", async () => {
    const without = { app: { bypassCertificate: true }, request: { verificationPayload: "" } };
    const daysOff = { bySeconds: -8 * DAY, allows: { none: true, closing: false, destroying: false } };
    const refused = { status: 503, code: "clock_in_doubt", reason: "onset_assumed" };
    expect(await prepare({ ...without, doubt: "clock_behind", trust: daysOff })).toMatchObject(refused);
    const stated = { ...without.request, symptomOnsetInterval: MIDNIGHT - 144 };
    const taken = [
      { ...without, request: stated, doubt: "clock_behind", trust: daysOff },
      { ...without, doubt: "clock_behind", trust: { ...daysOff, bySeconds: -2 * HOUR } },
      // By its uptime the process knows the day.
      { ...without, doubt: "clock_jumped", trust: { bySeconds: 30 * DAY } },
    ] as const;
    for (const one of taken) expect(await prepare(one)).toMatchObject({ kind: "prepared" });
  });

  test("for good, while the clock is in doubt, for what no time changes", async () => {
    const doubt = "clock_ahead";
    expect(await prepare({ refusal: "jwt_signature_invalid", doubt })).toMatchObject({ status: 401 });
    expect(await prepare({ request: { keys: [] }, doubt })).toMatchObject({ status: 400 });
    expect(await prepare({ doubt })).toMatchObject({ kind: "prepared" });
  });

  test("for nothing of its own where no token can be made: that is thrown (KS P26)", async () => {
    await expect(prepare({ isUnableToSeal: true })).rejects.toThrow("no token can be made");
  });
});
