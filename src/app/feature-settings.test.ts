// A server that is configured with nothing runs on the very numbers that the features have by default, and tests with them.

import { expect, test } from "vitest";
import { DEFAULT_RECORD_LIMITS } from "../features/export/export-types.ts";
import { DEFAULT_SETTINGS as IMPORT_DEFAULTS } from "../features/import/import-types.ts";
import { DEFAULT_REVISION_SETTINGS } from "../features/revision/revision-types.ts";
import { DEFAULT_UPSTREAM_LIMITS } from "../features/upstreams/upstream-types.ts";
import { DEFAULT_SETTINGS as VERIFICATION_DEFAULTS } from "../features/verification/verification-types.ts";
import { parseConfig } from "../platform/config/config.ts";
import { importSettingsFrom, recordLimitsFrom, upstreamLimitsFrom } from "./feature-settings.ts";
import { revisionSettingsFrom, verificationSettingsFrom } from "./upload-settings.ts";

const config = parseConfig({});

test.each<[string, object, object]>([
  ["imports", IMPORT_DEFAULTS, importSettingsFrom(config)],
  ["upstreams", DEFAULT_UPSTREAM_LIMITS, upstreamLimitsFrom(config)],
  ["archives", DEFAULT_RECORD_LIMITS, recordLimitsFrom(config)],
  ["certificates", VERIFICATION_DEFAULTS, verificationSettingsFrom(config)],
])("%s", (_, defaults, configured) => {
  expect(defaults).toMatchObject(configured);
});

test("revision tokens", () => {
  expect(revisionSettingsFrom(config)).toMatchObject(DEFAULT_REVISION_SETTINGS);
});
