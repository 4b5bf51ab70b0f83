// Healthy parts of a server, for tests that make them ill.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../src/core/clock.ts";
import type { ExportStatus } from "../../src/features/export/status.ts";
import type { SourceOverview } from "../../src/features/import/status.ts";
import type { LocationStatus } from "../../src/features/locations/status.ts";
import type { MirrorOverview } from "../../src/features/mirror/mirror-types.ts";
import type { JobStatus } from "../../src/platform/jobs/job-runner.ts";

export const NOW: UnixSeconds = 1_795_132_800;
/** A minute ago. */
const LATELY = NOW - MINUTE;

const trust = { keyId: "1", keyVersion: "v1", publicKeyPem: "", from: 0, until: null };

export const LOCATION: LocationStatus = {
  overview: {
    id: 1,
    name: "client",
    indexObject: "client/index.txt",
    basePrefix: "client/",
    linePrefix: "",
    retentionSeconds: 14 * DAY,
    graceSeconds: 2 * DAY,
    ours: true,
    lastEndAt: NOW - HOUR,
    listedArchives: 0,
    lastArchive: null,
    indexCheckedAt: LATELY,
    headExpiresAt: null,
    deletionDueAt: null,
    lastFailure: null,
  },
  fence: "intact",
  nextIndexDueAt: null,
  suppliers: [],
};

export const EXPORT: ExportStatus = {
  config: {
    id: 1,
    name: "main",
    location: "client",
    region: "XX",
    filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "also" },
    periodSeconds: HOUR,
    from: 0,
    thru: null,
    backfillSeconds: 0,
    maxRecords: 1_000,
    minRecords: 0,
    paddingRange: 0,
    exportedUntil: NOW - HOUR,
    openWindow: null,
    endingUntil: null,
    givenUp: null,
    endedAt: null,
    settingsRevision: 0,
  },
  failure: null,
  openBackfills: 0,
  lagSeconds: 0,
};

export const SOURCE: SourceOverview = {
  source: {
    id: 1,
    supplier: { id: 1, name: "state", formerIds: [] },
    upstreamId: 1,
    finalLookAt: null,
    endedAt: null,
    givenUp: null,
    name: "state",
    listingFormat: "text-index",
    indexUrl: "https://state.example/index.txt",
    baseUrl: "https://state.example",
    region: "XX",
    traveler: false,
    headerRegions: ["XX"],
    otherEntries: [],
    batchParts: false,
    onsetCodes: false,
    allowPrivateAddresses: false,
    from: 0,
    until: null,
  },
  check: {
    checkCount: 1,
    etag: null,
    lastModified: null,
    checkedAt: LATELY,
    outcome: "listed",
    code: null,
    reachedAt: LATELY,
    suspiciousCount: 0,
    suspiciousAt: null,
    refusedLines: [],
    refusedLineCount: 0,
  },
  archives: { open: 0, leased: 0, retry: 0, complete: 5, quarantined: 0, skipped: 0 },
  keyCount: 0,
  savedCount: 0,
  repeatedCount: 0,
  droppedCount: 0,
  lastDay: { keyCount: 0, savedCount: 0, repeatedCount: 0, droppedCount: 0, refusedCount: 0 },
  refusedCount: 0,
  oldestWaiting: null,
  lastCompleted: null,
  trustedKeys: [{ id: 1, ...trust, addedAt: 0 }],
};

export const MIRROR: MirrorOverview = {
  mirror: {
    id: 1,
    supplier: null,
    upstreamId: 2,
    finalLookAt: null,
    endedAt: null,
    givenUp: null,
    name: "national",
    listingFormat: "text-index",
    location: "client",
    method: "reseal",
    indexUrl: "https://nation.example/index.txt",
    baseUrl: "https://nation.example",
    region: "XX",
    maxRecords: 1_000,
    allowPrivateAddresses: false,
    otherEntries: [],
    batchParts: false,
    onsetCodes: false,
    from: 0,
    until: null,
    historyDoneAt: LATELY,
    nextPosition: 5,
    lastOkAt: LATELY,
    lastError: null,
  },
  lastRunAt: LATELY,
  listedAt: LATELY,
  listedEnd: NOW - HOUR,
  targetPosition: 5,
  newestTakenEnd: NOW - 2 * HOUR,
  lastTakenAt: LATELY,
  totals: { taken: 4, archives: 1, primaries: 0, revised: 0, leftOut: 0, refused: 0 },
  skippedLines: 0,
  lostArchives: 0,
  trustedKeys: [{ id: 1, ...trust, addedAt: 0 }],
};

export const JOB: JobStatus = {
  name: "export",
  duty: "export",
  everySeconds: 5 * MINUTE,
  isRunning: false,
  lastStartedAt: LATELY,
  lastEndedAt: LATELY,
  lastSucceededAt: LATELY,
  lastOutcome: "succeeded",
  lastCode: null,
  lastMessage: null,
  runs: 1,
  failures: 0,
  waitsFor: null,
  waitsSince: null,
  subjects: null,
  nextDueAt: NOW + 4 * MINUTE,
};
