// The words of the publish feature: what phones send, what they get, and what decides in between.

import type { UnixSeconds } from "../../core/clock.ts";
import type { ExposureKey } from "../../core/exposure-key.ts";
import type { OnsetOptions } from "../../core/symptom-onset.ts";
import type { UploadLimits } from "../../core/validate-upload.ts";
import type { OpenedToken } from "../revision/revision-types.ts";
import type { TokenEntry } from "../revision/token-form.ts";
import type { Platform } from "../stats/stats-types.ts";
import type { VerifiedCertificate } from "../verification/verification-types.ts";

/** Codes of the answers to phones and verification servers (KS 3.4, 6.2), and four of our own (docs/errors.md). */
export type PublishErrorCode =
  | "partial_failure"
  | "bad_request"
  | "internal_error"
  | "storage_unavailable"
  | "unknown_health_authority_id"
  | "unable_to_load_health_authority"
  | "health_authority_verification_certificate_invalid"
  | "invalid_revision_token"
  | "missing_revision_token"
  | "key_already_revised"
  | "invalid_report_type_transition"
  | "unauthorized"
  | "maintenance_mode"
  | "too_many_requests"
  | "clock_in_doubt";

/** One key as it stands in the request. */
export interface SentKey {
  readonly key: string;
  readonly rollingStartNumber: number;
  /** An absent one means 144. */
  readonly rollingPeriod: number;
  readonly transmissionRisk: number;
}

/** A publish request, its types checked and nothing else. */
export interface PublishRequest {
  readonly keys: readonly SentKey[];
  readonly healthAuthorityId: string;
  readonly verificationPayload: string;
  readonly hmacKey: string;
  /** null where the request does not say, or says 0. */
  readonly symptomOnsetInterval: number | null;
  readonly traveler: boolean;
  readonly revisionToken: string;
}

/** Who may upload what (KS 3.13). */
export interface AuthorizedApp {
  /** In lower case. */
  readonly name: string;
  readonly regions: readonly string[];
  readonly authorityIds: readonly number[];
  /** Takes uploads without a certificate; a bad one is refused all the same (KS P25). */
  readonly bypassCertificate: boolean;
  readonly bypassRevisionToken: boolean;
}

/** An upload whose keys, certificate and token were judged; what is left depends on what is stored. */
export interface PreparedUpload {
  readonly regions: readonly string[];
  readonly traveler: boolean;
  readonly now: UnixSeconds;
  readonly exposureKeys: readonly ExposureKey[];
  readonly certificate: VerifiedCertificate | null;
  /** null: none was sent, or none that opens. */
  readonly token: OpenedToken | null;
  readonly tokenState: "absent" | "unreadable" | "opened";
  readonly needsToken: boolean;
  readonly platform: Platform;
  /** null: nobody stated an onset. */
  readonly onsetDays: number | null;
  seal(entries: readonly TokenEntry[]): string;
}

/** How many keys of an upload that was taken changed nothing, and why. */
export interface WithoutEffect {
  /** Stored with these very values: a retry. */
  readonly repeated: number;
  /** Stored with other values, which stay: only another report type revises a key (KS 5.5). */
  readonly kept: number;
  /** To be withdrawn, but neither here nor named by the revision token (KS P13). */
  readonly withdrawnUnknown: number;
  /** Sent once more in the same upload, of which the last counts. */
  readonly doubled: number;
}

export type UploadResult =
  | {
      readonly kind: "stored";
      readonly inserted: number;
      readonly revised: number;
      readonly withoutEffect: WithoutEffect;
      /** null: there is nothing that the phone may revise. */
      readonly token: string | null;
    }
  | { readonly kind: "refused"; readonly code: PublishErrorCode; readonly message: string };

export interface PublishSettings {
  readonly limits: UploadLimits;
  readonly onset: OnsetOptions;
  /** RESPONSE_PADDING_MIN_BYTES and RESPONSE_PADDING_RANGE (KS 3.10). */
  readonly paddingMinBytes: number;
  readonly paddingRangeBytes: number;
  /** STATS_AUDIENCE (KS 6.1). */
  readonly statsAudience: string;
  /** MAINTENANCE_MODE: everything but health and downloads is refused for now. */
  readonly isInMaintenance: boolean;
  /** Uploads of one client address in a minute, chaff included; 0: any number. */
  readonly requestsPerMinute: number;
  /** CHAFF_REQUEST_MAX_LATENCY_MS (KS 3.11). */
  readonly chaffMaxLatencyMilliseconds: number;
}
