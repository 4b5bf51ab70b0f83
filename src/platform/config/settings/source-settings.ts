// Settings of imports and mirrors: how far another server's archives are waited for and believed.

import { Type } from "typebox";
import { HOUR_SECONDS, notes } from "../setting-notes.ts";

const MEBIBYTE = 1_048_576;

export const sourceSettings = {
  indexFileDownloadTimeoutSeconds: Type.Integer({
    minimum: 1,
    maximum: HOUR_SECONDS,
    default: 30,
    ...notes({
      description: "How long an index may take.",
      unit: "seconds",
      environment: ["INDEX_FILE_DOWNLOAD_TIMEOUT"],
    }),
  }),
  exportFileDownloadTimeoutSeconds: Type.Integer({
    minimum: 1,
    maximum: HOUR_SECONDS,
    default: 120,
    ...notes({
      description: "How long an archive may take.",
      unit: "seconds",
      environment: ["EXPORT_FILE_DOWNLOAD_TIMEOUT"],
    }),
  }),
  maxIndexBytes: Type.Integer({
    minimum: 1,
    maximum: 64 * MEBIBYTE,
    default: MEBIBYTE,
    ...notes({ description: "A longer index is refused.", unit: "bytes", environment: ["MAX_INDEX_BYTES"] }),
  }),
  maxZipBytes: Type.Integer({
    minimum: 1,
    maximum: 512 * MEBIBYTE,
    default: 32 * MEBIBYTE,
    ...notes({ description: "A larger archive is refused.", unit: "bytes", environment: ["MAX_ZIP_BYTES"] }),
  }),
  maxRuntimeSeconds: Type.Integer({
    minimum: 1,
    maximum: HOUR_SECONDS,
    default: 720,
    ...notes({
      description: "After this time an import lets the next source have its turn.",
      unit: "seconds",
      environment: ["MAX_RUNTIME"],
    }),
  }),
  importLockTimeSeconds: Type.Integer({
    minimum: 60,
    maximum: 24 * HOUR_SECONDS,
    default: 780,
    ...notes({
      description: "How long an importer may work on an archive before another one may take it over.",
      unit: "seconds",
      environment: ["IMPORT_LOCK_TIME"],
    }),
  }),
};
