// Diagnosis certificates: an authority's word that the sender of these exposure keys was diagnosed.

import { hash } from "node:crypto";
import type { UnixSeconds } from "../../core/clock.ts";
import type { ReportType } from "../../core/exposure-key.ts";
import { decodeLenientBase64 } from "../../core/lenient-base64.ts";
import { reportTypeOf } from "../../core/report-type.ts";
import { reportRefused } from "./events.ts";
import { MAC_LENGTH, matchesMac } from "./keys-mac.ts";
import { readText } from "./read-claims.ts";
import {
  type CertifiedRequest,
  isVerificationRefusal,
  refusal,
  type VerifiedCertificate,
} from "./verification-types.ts";
import { type VerifiedJwt, type VerifyDeps, verifyJwt } from "./verify-jwt.ts";

/**
 * Verifies the compact JWS `certificate` of a request received at `now`. `allowedAuthorityIds` are those whose patients
 * the app may upload for; null: all. Throws CodedError<VerificationErrorCode> for whatever is wrong with it, which is
 * reported under the code and without the certificate; `database_unreachable` when nothing can be said about it. Not to
 * be called inside a transaction.
 */
export async function verifyCertificate(
  deps: VerifyDeps,
  certificate: string,
  request: CertifiedRequest,
  allowedAuthorityIds: readonly number[] | null,
  now: UnixSeconds,
): Promise<VerifiedCertificate> {
  try {
    const verified = await verifyJwt(deps, certificate, ({ aud }) => aud, now);
    return judge(verified, request, allowedAuthorityIds);
  } catch (error) {
    if (isVerificationRefusal(error)) reportRefused(deps.report, "certificate", error);
    throw error;
  }
}

function judge(
  { authority, claims, signedText, expiresAt }: VerifiedJwt,
  request: CertifiedRequest,
  allowedAuthorityIds: readonly number[] | null,
): VerifiedCertificate {
  const { id, name } = authority;
  if (allowedAuthorityIds !== null && !allowedAuthorityIds.includes(id)) {
    throw refusal("certificate_authority_not_allowed", `${name}: the app may not upload for it`);
  }
  const reportType = readReportType(claims, name);
  const symptomOnsetInterval = readOnset(claims, name);
  const mac = decodeLenientBase64(readText(claims, "tekmac"));
  if (mac?.length !== MAC_LENGTH) throw refusal("certificate_mac_invalid", `${name}: tekmac is no HMAC`);
  if (!matchesMac(mac, request)) throw refusal("certificate_keys_mismatch", `${name}: it is for other exposure keys`);
  return {
    authorityId: id,
    authorityName: name,
    reportType,
    symptomOnsetInterval,
    digest: hash("sha256", signedText),
    expiresAt,
  };
}

function readReportType(claims: VerifiedJwt["claims"], authorityName: string): ReportType {
  const reportType = reportTypeOf(readText(claims, "reportType"));
  if (reportType !== undefined) return reportType;
  throw refusal("certificate_report_type_invalid", `${authorityName}: the report type is none`);
}

const LARGEST_UINT32 = 0xffff_ffff;

/** 0 counts as absent, as in the reference server. */
function readOnset(claims: VerifiedJwt["claims"], authorityName: string): number | null {
  const value = claims["symptomOnsetInterval"] ?? 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LARGEST_UINT32) {
    return value === 0 ? null : value;
  }
  throw refusal("certificate_onset_invalid", `${authorityName}: the onset is no interval number`);
}
