// What the admin API takes and answers about sources and the archives that they listed.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull, pageOf, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import { batchParts, onsetCodes, otherEntries } from "../upstreams/archive-profile-schemas.ts";
import { lifeMembers } from "../upstreams/life-schemas.ts";
import { newTrustedKeySchema, trustedKeySchema } from "../upstreams/trusted-key-schemas.ts";

const url = (description: string) => Type.String({ minLength: 1, maxLength: 2_000, description });
const textOrNull = Type.Union([Type.String(), Type.Null()]);
const integerOrNull = Type.Union([Type.Integer(), Type.Null()]);

const indexUrl = url("Of the index. Shown without its query; sent back as it was shown, it stays.");
const baseUrl = url("Archives are fetched below it and nowhere else. Shown without its query, as the index URL.");
const headerRegions = Type.Array(Type.String({ maxLength: 30 }), {
  minItems: 1,
  maxItems: 100,
  description: "What the header of an archive may say, empty for one that says none; by default the region alone.",
});
const traveler = Type.Boolean({ description: "Whether its keys are of people who travelled." });
const allowPrivateAddresses = Type.Boolean({ description: "Whether it may be at an address that is not public." });

export const newSourceSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$" }),
    indexUrl,
    baseUrl,
    region: Type.String({ pattern: "^[A-Za-z0-9-]{1,5}$", description: "Every key of the source gets it." }),
    supplier: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$",
        description:
          "Whose listing it is: keys and trust belong to the supplier, whichever of its listings brings them. Made where " +
          "there is none; by default one of the source's own name.",
      }),
    ),
    headerRegions: Type.Optional(headerRegions),
    otherEntries: Type.Optional(otherEntries),
    batchParts: Type.Optional(batchParts),
    onsetCodes: Type.Optional(onsetCodes),
    traveler: Type.Optional(traveler),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    from: Type.Optional(instant),
    until: Type.Optional(instantOrNull),
    trustedKeys: Type.Optional(
      Type.Array(newTrustedKeySchema, { maxItems: 20, description: "Whose archives it takes; none: nobody's yet." }),
    ),
  },
  { ...CLOSED, title: "NewSource", description: "From now on, without an end, unless it says otherwise." },
);
export type NewSourceBody = Static<typeof newSourceSchema>;

export const sourceChangeSchema = Type.Object(
  {
    indexUrl: Type.Optional(indexUrl),
    baseUrl: Type.Optional(baseUrl),
    headerRegions: Type.Optional(headerRegions),
    otherEntries: Type.Optional(otherEntries),
    batchParts: Type.Optional(batchParts),
    onsetCodes: Type.Optional(onsetCodes),
    traveler: Type.Optional(traveler),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    from: Type.Optional(instant),
    until: Type.Optional(Type.Union([instant, Type.Null()], { description: "Its end; null: none." })),
  },
  {
    ...CLOSED,
    title: "SourceChange",
    description:
      "The region cannot change: the keys that were imported carry it, and their revisions, which come later, have to " +
      "be of the same. For another region end this source and add another.",
  },
);

const checkSchema = Type.Object(
  {
    checkedAt: instantOrNull,
    outcome: Type.Union([Type.Enum(["listed", "unchanged", "suspicious", "failed"]), Type.Null()]),
    code: Type.Union([Type.String(), Type.Null()], { description: "Why it failed or what was suspicious." }),
    reachedAt: Type.Union([instant, Type.Null()], { description: "Of the last check that did not fail." }),
    suspiciousCount: Type.Integer({ description: "Suspicious listings so far." }),
    suspiciousAt: instantOrNull,
    refusedLineCount: Type.Integer({ description: "Lines of the last listing that cannot be used." }),
    refusedLines: Type.Array(Type.Object({ line: Type.String(), reason: Type.String() }, CLOSED), {
      description: "The first of them.",
    }),
  },
  { ...CLOSED, title: "IndexCheck" },
);

const waitingSchema = Type.Object(
  {
    line: Type.String(),
    state: Type.Enum(["open", "leased", "retry"]),
    reason: textOrNull,
    attempts: Type.Integer(),
    discoveredAt: instant,
    nextAttemptAt: instantOrNull,
  },
  { ...CLOSED, title: "WaitingFile" },
);

const counts = (description: string) => Type.Record(Type.String(), Type.Integer(), { description });

export const sourceSchema = Type.Object(
  {
    name: Type.String(),
    supplier: Type.String({ description: "Owns its keys; what is trusted at one of its listings is trusted at all." }),
    indexUrl,
    baseUrl,
    region: Type.String(),
    headerRegions,
    otherEntries,
    batchParts,
    onsetCodes,
    traveler,
    allowPrivateAddresses,
    from: instant,
    until: instantOrNull,
    ...lifeMembers,
    trustedKeys: Type.Array(trustedKeySchema, { description: "Past and future ones too." }),
    check: checkSchema,
    files: Type.Object(
      { waiting: Type.Integer(), complete: Type.Integer(), quarantined: Type.Integer(), skipped: Type.Integer() },
      { ...CLOSED, title: "FileCounts" },
    ),
    oldestWaiting: Type.Union([waitingSchema, Type.Null()]),
    lastCompleted: Type.Union([
      Type.Object(
        {
          line: Type.String(),
          completedAt: instant,
          windowEnd: Type.Union([instant, Type.Null()], { description: "As its name says; null: it says nothing." }),
        },
        CLOSED,
      ),
      Type.Null(),
    ]),
    keys: Type.Object(
      {
        keyCount: Type.Integer({ description: "The sum of the four below." }),
        savedCount: Type.Integer({ description: "Stored, changed, claimed, or kept until their original comes." }),
        repeatedCount: Type.Integer({ description: "Here already: an echo, or an archive that is published twice." }),
        droppedCount: Type.Integer({ description: "Revisions that changed nothing." }),
        refusedCount: Type.Integer(),
        outcomes: counts("What became of the keys that were not refused."),
        refusals: counts("Why others were refused."),
      },
      { ...CLOSED, title: "KeyCounts" },
    ),
  },
  { ...CLOSED, title: "Source" },
);
export type SourceBody = Static<typeof sourceSchema>;

export const sourcePageSchema = pageOf(sourceSchema);
export type SourcePage = Static<typeof sourcePageSchema>;

export const FILE_STATES = ["all", "waiting", "complete", "quarantined", "skipped"] as const;

export const fileQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...FILE_STATES], { default: "all" })),
    limit: pageQuery.properties.limit,
    after: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,14}$" })),
  },
  CLOSED,
);

const fileSchema = Type.Object(
  {
    line: Type.String(),
    state: Type.Enum(["open", "leased", "retry", "complete", "quarantined", "skipped"]),
    reason: Type.Union([Type.String(), Type.Null()], { description: "The code of the last failure." }),
    attempts: Type.Integer(),
    listed: Type.Boolean({ description: "Whether the last listing has it." }),
    discoveredAt: instant,
    nextAttemptAt: instantOrNull,
    quarantinedAt: instantOrNull,
    lastCheckedAt: instantOrNull,
    completedAt: instantOrNull,
    digest: Type.Union([Type.String(), Type.Null()], { description: "SHA-256 of the content seen last, in hex." }),
    byteCount: integerOrNull,
    keyCount: integerOrNull,
    savedCount: integerOrNull,
    repeatedCount: integerOrNull,
    droppedCount: integerOrNull,
    refusedCount: integerOrNull,
    outcomes: Type.Union([counts("What became of the keys that were not refused."), Type.Null()]),
    refusals: Type.Union([counts("Why others were refused."), Type.Null()]),
  },
  { ...CLOSED, title: "File" },
);
export type FileBody = Static<typeof fileSchema>;

export const filePageSchema = pageOf(fileSchema);
export type FilePage = Static<typeof filePageSchema>;

export const newRetrySchema = Type.Object(
  { line: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })) },
  { ...CLOSED, title: "NewRetry", description: "One archive; without a line, all that are quarantined or wait." },
);

export const retrySchema = Type.Object(
  { reopened: Type.Integer({ description: "How many archives are due at once now." }) },
  { ...CLOSED, title: "Retry" },
);
export type RetryBody = Static<typeof retrySchema>;
