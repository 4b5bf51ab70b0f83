// Everything about an upload that can be judged without the stored keys, in the order of KS 3.5.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import { daysBetween, intervalNumber } from "../../core/intervals.ts";
import { decodeLenientBase64 } from "../../core/lenient-base64.ts";
import { chooseOnset } from "../../core/symptom-onset.ts";
import {
  type RefusedUploadKey,
  type UploadedKey,
  type UploadRefusal,
  validateUpload,
} from "../../core/validate-upload.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import type { RevisionFeature } from "../revision/feature.ts";
import type { OpenedToken } from "../revision/revision-types.ts";
import type { Platform } from "../stats/stats-types.ts";
import type { VerificationFeature } from "../verification/feature.ts";
import { isVerificationRefusal, type VerifiedCertificate } from "../verification/verification-types.ts";
import type {
  AuthorizedApp,
  PreparedUpload,
  PublishErrorCode,
  PublishRequest,
  PublishSettings,
} from "./publish-types.ts";
import { hasKeyTime, isCertificateTime, isDayInDoubt, isInDoubt } from "./time-refusals.ts";

export interface PrepareDeps {
  /** While it is in doubt nothing is refused for its time; the phone comes again. */
  readonly clock: Pick<JudgedClock, "trust">;
  readonly verification: Pick<VerificationFeature, "verifyCertificate">;
  readonly revision: Pick<RevisionFeature, "openToken" | "prepareSealing">;
  readonly settings: Pick<PublishSettings, "limits" | "onset">;
}

export type Preparation =
  | {
      readonly kind: "refused";
      readonly status: 400 | 401 | 503;
      readonly code: PublishErrorCode;
      readonly message: string;
      /** For logs and counters: what exactly was wrong. */
      readonly reason: string;
    }
  | { readonly kind: "prepared"; readonly upload: PreparedUpload; readonly refused: readonly RefusedUploadKey[] };

/** Rejects when the database or the keys of tokens do not answer. */
export async function prepareUpload(
  deps: PrepareDeps,
  request: PublishRequest,
  app: AuthorizedApp,
  platform: Platform,
  now: UnixSeconds,
): Promise<Preparation> {
  const certificate = await verify(deps, request, app, now);
  if (certificate !== null && "reason" in certificate) return certificate;
  const { token, tokenState } = await readToken(deps, request.revisionToken, now);
  const onset = chooseOnset(
    { request: request.symptomOnsetInterval, certificate: certificate?.symptomOnsetInterval ?? null },
    now,
    deps.settings.onset,
  );
  const verdict = validateUpload(
    {
      exposureKeys: request.keys.map(uploadedKey),
      reportType: certificate?.reportType ?? null,
      onsetInterval: onset.interval,
    },
    now,
    deps.settings.limits,
  );
  if (verdict.kind === "refused") return badRequest(verdict.code, TEXTS[verdict.code]);
  if (onset.source === "assumed" && isDayInDoubt(deps.clock)) return clockInDoubt("onset_assumed");
  if (hasKeyTime(verdict.refused) && isInDoubt(deps.clock)) return clockInDoubt("key_time");
  if (verdict.kept.length === 0) return badRequest("no_valid_key", describeRefused(verdict.refused));
  const seal = await deps.revision.prepareSealing(now);
  return {
    kind: "prepared",
    refused: verdict.refused,
    upload: {
      regions: app.regions,
      traveler: request.traveler,
      now,
      exposureKeys: verdict.kept.map(({ exposureKey }) => exposureKey),
      certificate,
      token,
      tokenState,
      needsToken: !app.bypassRevisionToken,
      platform,
      onsetDays: onset.source === "assumed" ? null : daysBetween(onset.interval, intervalNumber(now)),
      seal,
    },
  };
}

/** "key 3: too_old; key 5: key_length", positions as in the request. */
export function describeRefused(refused: readonly RefusedUploadKey[]): string {
  return refused.map(({ index, reason }) => `key ${index}: ${KEY_TEXTS[reason]}`).join("; ");
}

async function verify(
  deps: PrepareDeps,
  request: PublishRequest,
  app: AuthorizedApp,
  now: UnixSeconds,
): Promise<VerifiedCertificate | null | Extract<Preparation, { kind: "refused" }>> {
  if (app.bypassCertificate && request.verificationPayload === "") return null;
  const hmacKey = decodeLenientBase64(request.hmacKey);
  if (hmacKey === null) return certificateRefused("hmac_key_malformed", "the hmacKey is no base64");
  try {
    const certified = { keys: request.keys, hmacKey };
    return await deps.verification.verifyCertificate(request.verificationPayload, certified, app.authorityIds, now);
  } catch (error) {
    if (!isVerificationRefusal(error)) throw error;
    if (isCertificateTime(error.code) && isInDoubt(deps.clock)) return clockInDoubt(error.code);
    return certificateRefused(error.code, error.message);
  }
}

/** What is no base64 counts as none; a token that does not open matters once a key turns out to be stored (KS 3.5). */
async function readToken(
  deps: PrepareDeps,
  sent: string,
  now: UnixSeconds,
): Promise<{ token: OpenedToken | null; tokenState: PreparedUpload["tokenState"] }> {
  const bytes = decodeLenientBase64(sent);
  if (bytes === null || bytes.length === 0) return { token: null, tokenState: "absent" };
  const token = await deps.revision.openToken(bytes, now);
  return { token, tokenState: token === null ? "unreadable" : "opened" };
}

function uploadedKey(sent: PublishRequest["keys"][number]): UploadedKey {
  return {
    // Bytes of no key at all where it is no base64.
    keyData: decodeLenientBase64(sent.key) ?? new Uint8Array(0),
    rollingStart: sent.rollingStartNumber,
    rollingPeriod: sent.rollingPeriod,
    transmissionRisk: sent.transmissionRisk,
  };
}

function certificateRefused(reason: string, message: string) {
  const code: PublishErrorCode = "health_authority_verification_certificate_invalid";
  return { kind: "refused", status: 401, code, message, reason } as const;
}

/** Not for good: the server cannot tell what time it is. */
export function clockInDoubt(reason: string) {
  const code: PublishErrorCode = "clock_in_doubt";
  const message = "the server is not sure of the time at present, and cannot judge this upload";
  return { kind: "refused", status: 503, code, message, reason } as const;
}

function badRequest(reason: string, message: string) {
  return { kind: "refused", status: 400, code: "bad_request", message, reason } as const;
}

const TEXTS: Readonly<Record<UploadRefusal, string>> = {
  no_keys: "no exposure keys were sent",
  too_many_keys: "too many exposure keys were sent",
  keys_overlap: "exposure keys overlap in time",
  too_many_keys_with_same_start: "too many exposure keys have the same rolling start number",
};

const KEY_TEXTS: Readonly<Record<KeyRefusal, string>> = {
  key_length: "not 16 bytes in base64",
  rolling_start_missing: "without a rolling start number",
  rolling_start_range: "its rolling start number is out of range",
  rolling_period_range: "its rolling period is not 1 to 144",
  transmission_risk_range: "its transmission risk is not 0 to 8",
  report_type_unknown: "its report type is unknown",
  onset_range: "too many days from the symptom onset",
  too_old: "too old",
  in_future: "it begins in the future",
  report_type_not_allowed: "its report type is not allowed",
};
