// The publish API on the wire as schemas, for its description: what is sent, and what comes back (KS 3.1-3.4, 6).

import { type Static, type TSchema, Type } from "typebox";
import { KEY_AGE_BUCKETS, ONSET_BUCKETS } from "../stats/stats-types.ts";
import type { PublishErrorCode } from "./publish-types.ts";

const CLOSED = { additionalProperties: false } as const;

const int32 = (options: { readonly minimum?: number; readonly maximum?: number; readonly description: string }) =>
  Type.Integer({ format: "int32", minimum: -0x8000_0000, maximum: 0x7fff_ffff, ...options });
const count = (description?: string) => Type.Integer({ minimum: 0, ...(description && { description }) });
const padding = Type.String({ description: "Anything, so that the length of a message says nothing." });

export const sentKeySchema = Type.Object(
  {
    key: Type.String({ description: "16 bytes in base64." }),
    rollingStartNumber: int32({
      minimum: 1,
      description: "The interval of ten minutes since 1970 that it begins with.",
    }),
    rollingPeriod: Type.Optional(
      int32({ minimum: 1, maximum: 144, description: "For so many intervals of ten minutes; 144 if absent." }),
    ),
    transmissionRisk: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 8, description: "0, or absent: by the certificate's report type." }),
    ),
  },
  { ...CLOSED, title: "ExposureKey" },
);

export const publishRequestSchema = Type.Object(
  {
    temporaryExposureKeys: Type.Array(sentKeySchema, { minItems: 1 }),
    healthAuthorityID: Type.String({ description: "Name of the app at this server; upper and lower case are one." }),
    verificationPayload: Type.Optional(
      Type.String({ description: "The certificate of a verification server, a compact JWS with ES256." }),
    ),
    hmacKey: Type.Optional(
      Type.String({ description: "In base64: under it the certificate has the HMAC of the keys." }),
    ),
    symptomOnsetInterval: Type.Optional(
      int32({
        minimum: 0,
        description: "An interval of the day of the first symptoms, where the certificate has none.",
      }),
    ),
    traveler: Type.Optional(Type.Boolean({ description: "Whether the person was beyond the app's regions." })),
    revisionToken: Type.Optional(
      Type.String({ description: "Of the answer to the last upload of this phone: it lets stored keys be revised." }),
    ),
    padding: Type.Optional(padding),
  },
  {
    ...CLOSED,
    title: "PublishRequest",
    description: "Members are read in upper and lower case alike, and null as absent; unknown ones are refused.",
  },
);
export type PublishRequestBody = Static<typeof publishRequestSchema>;

export const publishAnswerSchema = Type.Object(
  {
    revisionToken: Type.Optional(
      Type.String({ description: "To be kept, and sent with the next upload; absent: nothing may be revised." }),
    ),
    insertedExposures: Type.Optional(Type.Integer({ minimum: 1, description: "So many keys are new; absent: none." })),
    error: Type.Optional(Type.String({ description: "With a code: which keys were not stored, and why. May change." })),
    code: Type.Optional(Type.Literal("partial_failure")),
    padding,
    warnings: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  },
  { ...CLOSED, title: "PublishAnswer", description: "What chaff gets looks like it." },
);
export type PublishAnswerBody = Static<typeof publishAnswerSchema>;

export const publishRefusalSchema = Type.Object(
  {
    code: Type.String({ description: "Stable; programs switch on it. docs/errors.md explains every one." }),
    error: Type.String({ description: "What is wrong, for people. May change." }),
    padding,
  },
  { ...CLOSED, title: "PublishRefusal" },
);
export type PublishRefusalBody = Static<typeof publishRefusalSchema>;

export const statsRequestSchema = Type.Object(
  { padding: Type.Optional(padding) },
  { ...CLOSED, title: "StatsRequest" },
);

const buckets = (length: number, description: string): TSchema =>
  Type.Array(count(), { minItems: length, maxItems: length, description });

export const statsDaySchema = Type.Object(
  {
    day: Type.String({ format: "date-time", description: "Its beginning, in UTC." }),
    publish_requests: Type.Object(
      { unknown: count(), android: count(), ios: count() },
      { ...CLOSED, description: "Uploads that stored something, by the platform of the phone." },
    ),
    total_teks_published: count("Keys that were stored or revised."),
    requests_with_revisions: count("They count in no distribution."),
    tek_age_distribution: buckets(
      KEY_AGE_BUCKETS,
      "Uploads by the age of their oldest key in days; the last: or more.",
    ),
    onset_to_upload_distribution: buckets(ONSET_BUCKETS, "Uploads by days since the onset; the last: or more."),
    requests_missing_onset_date: count(),
  },
  { ...CLOSED, title: "StatsDay" },
);

export const statsAnswerSchema = Type.Object(
  {
    days: Type.Optional(
      Type.Array(statsDaySchema, {
        minItems: 1,
        description: "Days that are over and have uploads enough to tell of nobody; absent: none.",
      }),
    ),
    padding,
  },
  { ...CLOSED, title: "StatsAnswer" },
);
export type StatsAnswerBody = Static<typeof statsAnswerSchema>;

export type PublicOperation = "publish" | "stats";
type RefusedCode = Exclude<PublishErrorCode, "partial_failure">;

/** With which statuses each code is answered, by operation; other methods get 405 and `bad_request`. */
export const REFUSED_WITH: Readonly<
  Record<RefusedCode, Readonly<Partial<Record<PublicOperation, readonly number[]>>>>
> = {
  bad_request: { publish: [400, 413, 415], stats: [400, 413] },
  internal_error: { publish: [503], stats: [503] },
  storage_unavailable: { publish: [503], stats: [503] },
  unknown_health_authority_id: { publish: [401] },
  unable_to_load_health_authority: { publish: [503] },
  health_authority_verification_certificate_invalid: { publish: [401] },
  invalid_revision_token: { publish: [400] },
  missing_revision_token: { publish: [400] },
  key_already_revised: { publish: [400] },
  invalid_report_type_transition: { publish: [400] },
  unauthorized: { stats: [401] },
  maintenance_mode: { publish: [429], stats: [429] },
  too_many_requests: { publish: [429], stats: [429] },
  clock_in_doubt: { publish: [503], stats: [503] },
};
