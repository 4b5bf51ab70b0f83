// What the admin API takes and answers about mirrors and what they have handed over.

import { type Static, Type } from "typebox";
import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import {
  CLOSED,
  instant,
  instantOrNull,
  instantWith,
  pageOf,
  pageQuery,
} from "../../platform/http/admin/admin-schemas.ts";
import { batchParts, onsetCodes, otherEntries } from "../upstreams/archive-profile-schemas.ts";
import { lifeMembers } from "../upstreams/life-schemas.ts";
import { newTrustedKeySchema, trustedKeySchema } from "../upstreams/trusted-key-schemas.ts";

const url = (description: string) => Type.String({ minLength: 1, maxLength: 2_000, description });
const integerOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

const indexUrl = url("Of the index. Shown without its query; sent back as it was shown, it stays.");
const baseUrl = url("Archives are fetched below it and nowhere else. Shown without its query, as the index URL.");
const method = Type.Enum(["copy", "reseal"], {
  description: "copy: archives as they are; reseal: rebuilt under the location's seal, without what it has published.",
});
const maxRecords = Type.Integer({
  minimum: 1,
  maximum: MAX_ARCHIVE_KEYS,
  description: "Most keys in one archive of the history.",
});
const allowPrivateAddresses = Type.Boolean({ description: "Whether it may be at an address that is not public." });

export const newMirrorSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    location: Type.String({ minLength: 1, maxLength: 63, description: "That is fed." }),
    method: Type.Optional(method),
    indexUrl,
    baseUrl,
    region: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$",
        description: "Written into resealed archives; archives that are copied keep theirs.",
      }),
    ),
    maxRecords: Type.Optional(maxRecords),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    otherEntries: Type.Optional(otherEntries),
    batchParts: Type.Optional(batchParts),
    onsetCodes: Type.Optional(onsetCodes),
    from: Type.Optional(instant),
    until: Type.Optional(instantOrNull),
    trustedKeys: Type.Array(newTrustedKeySchema, {
      minItems: 1,
      maxItems: 20,
      description: "Whose archives it takes.",
    }),
  },
  {
    ...CLOSED,
    title: "NewMirror",
    description: "Reseals, from now on and without an end, unless it says otherwise.",
  },
);
export type NewMirrorBody = Static<typeof newMirrorSchema>;

export const mirrorChangeSchema = Type.Object(
  {
    indexUrl: Type.Optional(indexUrl),
    baseUrl: Type.Optional(baseUrl),
    maxRecords: Type.Optional(maxRecords),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    otherEntries: Type.Optional(otherEntries),
    batchParts: Type.Optional(batchParts),
    onsetCodes: Type.Optional(onsetCodes),
    until: Type.Optional(Type.Union([instant, Type.Null()], { description: "Its end; null: none." })),
  },
  {
    ...CLOSED,
    title: "MirrorChange",
    description:
      "Location, method, region and beginning cannot change: what was handed over stands at the location, made so. For " +
      "others end this mirror and make another.",
  },
);

export const mirrorEndSchema = Type.Object(
  { until: Type.Optional(instantWith({ description: "By default now, or right after it begins if that is later." })) },
  { ...CLOSED, title: "MirrorEnd" },
);

export const mirrorSchema = Type.Object(
  {
    name: Type.String(),
    location: Type.String(),
    method,
    indexUrl,
    baseUrl,
    region: Type.String(),
    maxRecords,
    allowPrivateAddresses,
    otherEntries,
    batchParts,
    onsetCodes,
    from: instant,
    until: instantOrNull,
    ...lifeMembers,
    trustedKeys: Type.Array(trustedKeySchema, { description: "Past and future ones too." }),
    lastRunAt: instantOrNull,
    lastOkAt: instantOrNull,
    lastError: Type.Union([Type.String(), Type.Null()], {
      description: "The code of the last run; null: it went well.",
    }),
    source: Type.Object(
      {
        listedAt: Type.Union([instant, Type.Null()], { description: "When its index was last read and believed." }),
        newestWindowEnd: Type.Union([instant, Type.Null()], { description: "As the names of its lines tell." }),
      },
      { ...CLOSED, title: "MirrorSource" },
    ),
    newestWindowEnd: Type.Union([instant, Type.Null()], { description: "Of what was handed over." }),
    lastTakenAt: instantOrNull,
    waitingLines: integerOrNull("Listed and not taken; null before the first listing."),
    lagSeconds: integerOrNull("From the newest window handed over to the newest one listed; null: no name tells."),
    history: Type.Object(
      {
        doneAt: Type.Union([instant, Type.Null()], { description: "When all was taken that was listed at first." }),
        takenLines: Type.Integer(),
        listedLines: integerOrNull("All lines that were ever to be taken."),
      },
      { ...CLOSED, title: "MirrorHistory" },
    ),
    totals: Type.Object(
      {
        taken: Type.Integer({ description: "Source archives handed over." }),
        archives: Type.Integer({ description: "Archives of the location that carry them." }),
        primaries: Type.Integer(),
        revised: Type.Integer(),
        leftOut: Type.Integer({ description: "Keys that stood at the location already." }),
        refused: Type.Integer({ description: "Keys that no device would take." }),
      },
      { ...CLOSED, title: "MirrorTotals", description: "Of the lines that are still remembered." },
    ),
    skippedLines: Type.Integer({ description: "That an operator wants skipped." }),
    lostArchives: Type.Integer({
      description: "Withdrawn by the source before their time, and not accepted as lost.",
    }),
  },
  { ...CLOSED, title: "Mirror" },
);
export type MirrorBody = Static<typeof mirrorSchema>;

export const mirrorPageSchema = pageOf(mirrorSchema);
export type MirrorPage = Static<typeof mirrorPageSchema>;

export const mirrorArchiveQuery = Type.Object(
  { limit: pageQuery.properties.limit, after: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,14}$" })) },
  CLOSED,
);

export const mirrorArchiveSchema = Type.Object(
  {
    position: Type.Integer({ description: "In the order in which they were handed over." }),
    line: Type.String(),
    digest: Type.String({ description: "SHA-256 in hex." }),
    windowEnd: instant,
    takenAt: instant,
    locationLine: Type.Union([Type.String(), Type.Null()], {
      description: "The location's archive that carries it; null: nothing of it remained, or a later one has the rest.",
    }),
    primaries: Type.Integer(),
    revised: Type.Integer(),
    leftOut: Type.Integer(),
    refused: Type.Integer(),
  },
  { ...CLOSED, title: "MirrorArchive" },
);
export type MirrorArchiveBody = Static<typeof mirrorArchiveSchema>;

export const mirrorArchivePageSchema = pageOf(mirrorArchiveSchema);
export type MirrorArchivePage = Static<typeof mirrorArchivePageSchema>;
