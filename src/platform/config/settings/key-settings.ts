// Settings of exposure keys, exports and locations.

import { Type } from "typebox";
import { DAY_SECONDS, HOUR_SECONDS, notes } from "../setting-notes.ts";

export const keySettings = {
  truncateWindowSeconds: Type.Integer({
    minimum: 1,
    maximum: DAY_SECONDS,
    default: HOUR_SECONDS,
    ...notes({
      description: "Times of keys are cut to a multiple of this.",
      unit: "seconds",
      environment: ["TRUNCATE_WINDOW"],
    }),
  }),
  minWindowAgeSeconds: Type.Integer({
    minimum: 0,
    default: 2 * HOUR_SECONDS,
    ...notes({
      description: "So long ago a window has to have ended before it is exported.",
      unit: "seconds",
      environment: ["MIN_WINDOW_AGE"],
    }),
  }),
  exportFileMinRecords: Type.Integer({
    minimum: 0,
    default: 1_000,
    ...notes({
      description: "Smaller archives are padded to about this many keys. For new exports that do not say otherwise.",
      unit: "keys",
      environment: ["EXPORT_FILE_MIN_RECORDS"],
    }),
  }),
  exportFilePaddingRange: Type.Integer({
    minimum: 0,
    default: 100,
    ...notes({
      description: "A random part of this is added to the padding. For new exports that do not say otherwise.",
      unit: "keys",
      environment: ["EXPORT_FILE_PADDING_RANGE"],
    }),
  }),
  exportFileMaxRecords: Type.Integer({
    minimum: 1,
    default: 500_000,
    ...notes({
      description: "Most keys in one archive. For new exports that do not say otherwise.",
      unit: "keys",
      environment: ["EXPORT_FILE_MAX_RECORDS"],
    }),
  }),
  cleanupTtlSeconds: Type.Integer({
    minimum: 10 * DAY_SECONDS,
    default: 336 * HOUR_SECONDS,
    ...notes({
      description: "How long an archive stays in its index. For new locations that do not say otherwise.",
      unit: "seconds",
      environment: ["CLEANUP_TTL"],
    }),
  }),
  allowGeneratedKeys: Type.Boolean({
    default: false,
    ...notes({
      description: "Whether `enks exposures generate` may make up keys of people who do not exist.",
      environment: ["ENKS_ALLOW_GENERATED_KEYS"],
    }),
  }),
};
