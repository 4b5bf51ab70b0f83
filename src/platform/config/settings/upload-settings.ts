// Settings of uploads, revision tokens and statistics.

import { Type } from "typebox";
import { DAY_SECONDS, HOUR_SECONDS, notes } from "../setting-notes.ts";

export const uploadSettings = {
  maxKeysOnPublish: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 30,
    ...notes({ description: "Most keys in one upload.", unit: "keys", environment: ["MAX_KEYS_ON_PUBLISH"] }),
  }),
  maxSameStartIntervalKeys: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 3,
    ...notes({
      description: "Most keys of one upload that begin at the same time.",
      unit: "keys",
      environment: ["MAX_SAME_START_INTERVAL_KEYS"],
    }),
  }),
  maxIntervalAgeOnPublishSeconds: Type.Integer({
    minimum: DAY_SECONDS,
    maximum: 30 * DAY_SECONDS,
    default: 360 * HOUR_SECONDS,
    ...notes({
      description: "How long ago an uploaded key may have ended.",
      unit: "seconds",
      environment: ["MAX_INTERVAL_AGE_ON_PUBLISH"],
    }),
  }),
  maxValidSymptomOnsetReportDays: Type.Integer({
    minimum: 1,
    maximum: 365,
    default: 28,
    ...notes({
      description: "A symptom onset longer ago, in days, is not believed.",
      environment: ["MAX_VALID_SYMPTOM_ONSET_REPORT_DAYS"],
    }),
  }),
  defaultSymptomOnsetDaysAgo: Type.Integer({
    minimum: 0,
    maximum: 14,
    default: 4,
    ...notes({
      description: "The symptom onset, in days before the upload, where nobody states one.",
      environment: ["DEFAULT_SYMPTOM_ONSET_DAYS_AGO"],
    }),
  }),
  responsePaddingMinBytes: Type.Integer({
    minimum: 0,
    maximum: 65_536,
    default: 1_024,
    ...notes({
      description: "Every answer to an upload carries so much padding.",
      unit: "bytes",
      environment: ["RESPONSE_PADDING_MIN_BYTES"],
    }),
  }),
  responsePaddingRange: Type.Integer({
    minimum: 0,
    maximum: 65_536,
    default: 1_024,
    ...notes({
      description: "A random part of this is added to the padding.",
      unit: "bytes",
      environment: ["RESPONSE_PADDING_RANGE"],
    }),
  }),
  chaffRequestMaxLatencyMs: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 1_000,
    ...notes({
      description: "An answer to chaff takes no longer than this, in milliseconds.",
      environment: ["CHAFF_REQUEST_MAX_LATENCY_MS"],
    }),
  }),
  maintenanceMode: Type.Boolean({
    default: false,
    ...notes({
      description: "Uploads are refused for now; health, downloads and jobs go on.",
      environment: ["MAINTENANCE_MODE"],
    }),
  }),
  uploadsPerMinute: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 600,
    ...notes({
      description: "Most requests of one client address to the upload API in a minute, chaff included; 0: any number.",
      environment: ["ENKS_UPLOADS_PER_MINUTE"],
    }),
  }),
  trustedProxies: Type.Array(Type.String({ pattern: "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$" }), {
    default: [],
    ...notes({
      description: "Addresses or networks of proxies whose X-Forwarded-For is believed.",
      environment: ["ENKS_TRUSTED_PROXIES"],
      defaultText: "none",
    }),
  }),
  certificateMaxLifetimeSeconds: Type.Integer({
    minimum: 60,
    maximum: 30 * DAY_SECONDS,
    default: DAY_SECONDS,
    ...notes({
      description: "A diagnosis certificate that is valid for longer is refused.",
      unit: "seconds",
      environment: ["ENKS_CERTIFICATE_MAX_LIFETIME"],
    }),
  }),
  certificateClockLeewaySeconds: Type.Integer({
    minimum: 0,
    maximum: HOUR_SECONDS,
    default: 60,
    ...notes({
      description: "By how much the clocks of health authorities may differ from ours.",
      unit: "seconds",
      environment: ["ENKS_CERTIFICATE_CLOCK_LEEWAY"],
    }),
  }),
  revisionTokenKeyId: Type.String({
    pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$",
    default: "revision-tokens",
    ...notes({
      description: "The encryption key that wraps the keys of revision tokens; made at its first use.",
      environment: ["REVISION_TOKEN_KEY_ID"],
    }),
  }),
  revisionTokenAad: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9+/_-]{1,400}={0,2}$",
      ...notes({
        description: "What revision tokens are authenticated with besides, in base64; token keys keep theirs.",
        environment: ["REVISION_TOKEN_AAD"],
        secret: true,
        defaultText: "the server's name",
      }),
    }),
  ),
  revisionKeyCacheDurationSeconds: Type.Integer({
    minimum: 1,
    maximum: HOUR_SECONDS,
    default: 60,
    ...notes({
      description: "How old what a process knows about token keys may be.",
      unit: "seconds",
      environment: ["REVISION_KEY_CACHE_DURATION"],
    }),
  }),
  newKeyPeriodSeconds: Type.Integer({
    minimum: HOUR_SECONDS,
    default: 168 * HOUR_SECONDS,
    ...notes({
      description: "A new token key is made after this time.",
      unit: "seconds",
      environment: ["NEW_KEY_PERIOD"],
    }),
  }),
  deleteOldKeyPeriodSeconds: Type.Integer({
    minimum: DAY_SECONDS,
    default: 360 * HOUR_SECONDS,
    ...notes({
      description: "How long revision tokens are honoured after their token key was replaced.",
      unit: "seconds",
      environment: ["DELETE_OLD_KEY_PERIOD"],
    }),
  }),
  statsAudience: Type.String({
    minLength: 1,
    maxLength: 200,
    default: "keyserver",
    ...notes({ description: "The audience of tokens for /v1/stats.", environment: ["STATS_AUDIENCE"] }),
  }),
  statsUploadMinimum: Type.Integer({
    minimum: 10,
    default: 10,
    ...notes({
      description: "Days with fewer uploads are not shown before their embargo is over.",
      environment: ["STATS_UPLOAD_MINIMUM"],
    }),
  }),
  statsEmbargoPeriodSeconds: Type.Integer({
    minimum: 0,
    default: 48 * HOUR_SECONDS,
    ...notes({
      description: "After the end of a day with few uploads, how long it is not shown; 0: it never is.",
      unit: "seconds",
      environment: ["STATS_EMBARGO_PERIOD"],
    }),
  }),
};
