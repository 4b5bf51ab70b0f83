// The words of the verification feature: health authorities, their keys, and what their certificates prove.

import { DAY, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { ReportType } from "../../core/exposure-key.ts";

export interface VerificationSettings {
  /** From `iat`, else `nbf`, else now, to `exp`. */
  readonly certificateMaxLifetimeSeconds: number;
  /** By how much the clocks of authorities may differ from ours. */
  readonly clockLeewaySeconds: number;
  /** How many uploads one certificate is good for, all of them of the same keys; null: not counted. */
  readonly certificateMaxUses: number | null;
  readonly refreshJwksEverySeconds: number;
}

export const DEFAULT_SETTINGS: VerificationSettings = {
  certificateMaxLifetimeSeconds: DAY,
  clockLeewaySeconds: MINUTE,
  // No phone tries a hundred times in a day.
  certificateMaxUses: 100,
  refreshJwksEverySeconds: 2 * MINUTE,
};

/** An exposure key as the phone sent it: the text, which the HMAC is over, and its numbers; an absent risk is 0. */
export interface CertifiedKey {
  readonly key: string;
  readonly rollingStartNumber: number;
  readonly rollingPeriod: number;
  readonly transmissionRisk: number;
}

export interface CertifiedRequest {
  readonly keys: readonly CertifiedKey[];
  readonly hmacKey: Uint8Array;
}

export interface VerifiedCertificate {
  readonly authorityId: number;
  readonly authorityName: string;
  readonly reportType: ReportType;
  /** Interval number; null where the certificate states none. */
  readonly symptomOnsetInterval: number | null;
  /** SHA-256 in hex of what the authority signed. Two signatures of the same words are one certificate. */
  readonly digest: string;
  readonly expiresAt: UnixSeconds;
}

/** Why a certificate, or the token of a request for statistics, is refused; in the order of the checks (KS 4.2). */
export const VERIFICATION_CODES = [
  "jwt_too_large",
  "jwt_malformed",
  "jwt_algorithm_unsupported",
  "jwt_type_unsupported",
  "jwt_critical_unsupported",
  "jwt_kid_missing",
  "jwt_claim_invalid",
  "jwt_issuer_unknown",
  "jwt_audience_wrong",
  "jwt_key_unknown",
  "jwt_key_not_valid",
  "jwt_expiry_missing",
  "jwt_expired",
  "jwt_not_yet_valid",
  "jwt_lifetime_too_long",
  "jwt_signature_invalid",
  "certificate_authority_not_allowed",
  "certificate_report_type_invalid",
  "certificate_onset_invalid",
  "certificate_mac_invalid",
  "certificate_keys_mismatch",
  "stats_not_enabled",
] as const;
export type VerificationErrorCode = (typeof VERIFICATION_CODES)[number];

export function refusal(code: VerificationErrorCode, message: string): CodedError<VerificationErrorCode> {
  return new CodedError(code, message);
}

/** Whether the certificate or token is to blame, and not, for example, the database. */
export function isVerificationRefusal(error: unknown): error is CodedError<VerificationErrorCode> {
  return error instanceof CodedError && (VERIFICATION_CODES as readonly string[]).includes(error.code);
}

export interface AuthoritySettings {
  readonly name: string;
  /** The `iss` of its certificates. */
  readonly iss: string;
  /** The `aud` of its certificates. */
  readonly aud: string;
  /** Where it publishes its keys; null: they are entered by hand. */
  readonly jwksUrl: string | null;
  /** Whether that may be a private address, and plain http. */
  readonly allowPrivateAddresses: boolean;
  readonly statsEnabled: boolean;
}

export interface Authority extends AuthoritySettings {
  readonly id: number;
  /** How often its JWKS was looked at. */
  readonly jwksChecks: number;
  readonly jwksCheckedAt: UnixSeconds | null;
  readonly jwksSucceededAt: UnixSeconds | null;
  /** Why the last look changed nothing; null: it went well. */
  readonly jwksError: string | null;
}

export interface NewAuthorityKey {
  /** The `kid` of certificates that it signs. */
  readonly version: string;
  /** SubjectPublicKeyInfo on P-256, the point uncompressed. */
  readonly publicKeyPem: string;
  readonly origin: "manual" | "jwks";
  /** Valid from here on. */
  readonly from: UnixSeconds;
  /** Valid until right before. */
  readonly until: UnixSeconds | null;
  /** Whose word the end is; null without one. What an operator has ended is not opened by a JWKS. */
  readonly untilSetBy: "operator" | "jwks" | null;
}

export interface AuthorityKey extends NewAuthorityKey {
  readonly id: number;
}

/** Whether it is valid now or will be. */
export function isOpen({ until }: Pick<AuthorityKey, "until">, now: UnixSeconds): boolean {
  return until === null || until > now;
}

export function isValid({ from, until }: Pick<AuthorityKey, "from" | "until">, now: UnixSeconds): boolean {
  return from <= now && (until === null || until > now);
}

export type AuthorityErrorCode =
  | "authority_exists"
  | "authority_issuer_exists"
  | "authority_unknown"
  | "authority_invalid"
  | "authority_key_exists"
  | "authority_key_unknown"
  | "authority_key_invalid";

/** Why an answer to a request for a JWKS changed nothing. */
export type JwksErrorCode =
  | "jwks_unavailable"
  | "jwks_unreadable"
  | "jwks_ambiguous"
  | "jwks_empty"
  | "jwks_leaves_none";

/** Why one key of a JWKS is not trusted; its neighbours are not affected. */
export type JwksKeyRefusal =
  | "jwk_not_p256"
  | "jwk_not_for_signatures"
  | "jwk_kid_unusable"
  | "jwk_point_invalid"
  | "jwk_private_key_exposed"
  | "jwk_entered_by_hand"
  | "jwk_revoked_by_operator";
