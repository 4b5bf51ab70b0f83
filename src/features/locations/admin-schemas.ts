// What the admin API takes and answers about locations, their seals and their archives.

import { type Static, Type } from "typebox";
import {
  CLOSED,
  instant,
  instantOrNull,
  instantWith,
  pageOf,
  pageQuery,
  publicKeyName,
} from "../../platform/http/admin/admin-schemas.ts";
import { FENCE_STATES } from "./judge-overview.ts";
import { SEAL_DOUBTS } from "./location-types.ts";

const YEAR_SECONDS = 366 * 86_400;
const duration = (description: string) => Type.Integer({ minimum: 1, maximum: YEAR_SECONDS, description });
const objectName = (description: string) => Type.String({ maxLength: 400, description });

const retentionSeconds = duration("How long a line stays in the index; ten days at least.");
const graceSeconds = duration("How long an archive outlives its line.");

export const newSealSchema = Type.Object(
  {
    signingKey: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "A signing key of ours." })),
    publicKeyPem: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4_000, description: "Instead of a signing key: that of others." }),
    ),
    keyId: publicKeyName,
    keyVersion: publicKeyName,
    from: Type.Optional(instant),
    reallyMeant: Type.Optional(
      Type.Array(Type.Enum([...SEAL_DOUBTS]), {
        maxItems: SEAL_DOUBTS.length,
        description: "What is hardly ever meant, and is here.",
      }),
    ),
  },
  { ...CLOSED, title: "NewSeal", description: "Either with a signing key of ours, or with a public key of others." },
);
export type NewSealBody = Static<typeof newSealSchema>;

export const newLocationSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 63, description: "Lower-case letters, digits and hyphens." }),
    retentionSeconds: Type.Optional(retentionSeconds),
    graceSeconds: Type.Optional(graceSeconds),
    indexObject: Type.Optional(objectName("Object name of the index; by default <name>/index.txt.")),
    basePrefix: Type.Optional(objectName("Stands before each line to make an object name; by default <name>/.")),
    linePrefix: Type.Optional(objectName("Stands before the file name in new lines; by default nothing.")),
    seal: newSealSchema,
  },
  { ...CLOSED, title: "NewLocation" },
);

export const sealCancellationSchema = Type.Object(
  { from: Type.Optional(instantWith({ description: "Which one, where several are planned." })) },
  { ...CLOSED, title: "SealCancellation" },
);

export const locationChangeSchema = Type.Object(
  {
    retentionSeconds: Type.Optional(retentionSeconds),
    graceSeconds: Type.Optional(graceSeconds),
    indexObject: Type.Optional(objectName("Object name of the index; only before the first archive.")),
    basePrefix: Type.Optional(objectName("Stands before each line; only before the first archive.")),
    linePrefix: Type.Optional(objectName("Stands before the file name in new lines; only before the first archive.")),
  },
  { ...CLOSED, title: "LocationChange" },
);

const lines = Type.Array(Type.String());

export const indexDifferenceSchema = Type.Object(
  {
    version: Type.Union([Type.String(), Type.Null()], { description: "Of the published index; null: there is none." }),
    ours: lines,
    foreign: Type.Array(Type.String(), { description: "Published, and none of ours." }),
    missing: Type.Array(Type.String(), { description: "Of ours, and not published." }),
    sameOrder: Type.Boolean({ description: "Whether the lines that both have stand in the same order." }),
  },
  { ...CLOSED, title: "IndexDifference" },
);
export type IndexDifferenceBody = Static<typeof indexDifferenceSchema>;

export const indexRestorationSchema = Type.Object(
  {
    version: Type.Union([Type.String({ maxLength: 200 }), Type.Null()], {
      description: "Of the index that was looked at: no other one is replaced.",
    }),
    reason: Type.String({ minLength: 1, maxLength: 500, description: "Why; kept in the audit log." }),
  },
  { ...CLOSED, title: "IndexRestoration" },
);

const sealSchema = Type.Object(
  {
    signingKey: Type.Union([Type.String(), Type.Null()], { description: "Null: others sign." }),
    keyId: Type.String(),
    keyVersion: Type.String(),
    publicKeyPem: Type.String(),
    from: instant,
    until: instantOrNull,
  },
  { ...CLOSED, title: "Seal" },
);

const locationArchiveSchema = Type.Object(
  {
    line: Type.String(),
    start: instant,
    end: instant,
    region: Type.String(),
    primaries: Type.Integer({ description: "Padding included." }),
    revised: Type.Integer(),
    byteCount: Type.Integer(),
    digest: Type.String({ description: "SHA-256 of the archive, in hex." }),
    supplier: Type.String({ description: "export:<name>, mirror:<name>, or adopted." }),
    appendedAt: instant,
    expiresAt: instant,
    expiredAt: instantOrNull,
    unlistedAt: instantOrNull,
    deletedAt: instantOrNull,
  },
  { ...CLOSED, title: "LocationArchive" },
);
export type LocationArchiveBody = Static<typeof locationArchiveSchema>;

export const locationArchivePageSchema = pageOf(locationArchiveSchema);
export type LocationArchivePage = Static<typeof locationArchivePageSchema>;

export const locationArchiveQuery = Type.Object(
  { limit: pageQuery.properties.limit, after: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,14}$" })) },
  CLOSED,
);

export const locationSchema = Type.Object(
  {
    name: Type.String(),
    indexObject: Type.String(),
    basePrefix: Type.String(),
    linePrefix: Type.String(),
    retentionSeconds: Type.Integer(),
    graceSeconds: Type.Integer(),
    seals: Type.Array(sealSchema, { description: "By time; the last one has no end." }),
    ours: Type.Boolean({ description: "False until it was adopted, or until the first archive." }),
    listedArchives: Type.Integer(),
    lastArchive: Type.Union([locationArchiveSchema, Type.Null()]),
    newestWindowEnd: Type.Union([instant, Type.Null()], { description: "No later archive begins before it." }),
    indexCheckedAt: Type.Union([instant, Type.Null()], { description: "When the index was last as it should be." }),
    nextIndexDueAt: Type.Union([instant, Type.Null()], { description: "From when on the index has to change." }),
    fence: Type.Enum([...FENCE_STATES], { description: "Whether our records and what is published agree." }),
    lastFailure: Type.Union([
      Type.Object({ at: instant, code: Type.String(), message: Type.String() }, CLOSED),
      Type.Null(),
    ]),
  },
  { ...CLOSED, title: "Location" },
);
export type LocationBody = Static<typeof locationSchema>;

export const locationPageSchema = pageOf(locationSchema);
export type LocationPage = Static<typeof locationPageSchema>;

export const adoptionSchema = Type.Object(
  { archives: Type.Integer({ description: "How many were adopted; 0: there was nothing to adopt." }) },
  { ...CLOSED, title: "Adoption" },
);
export type AdoptionBody = Static<typeof adoptionSchema>;
