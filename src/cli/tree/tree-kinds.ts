// What a tree may hold: each kind of resource, its fields, and the parts that belong to it.

import { ADMIN_ROLES } from "../../platform/http/admin/admin-route.ts";
import type { Form } from "./tree-forms.ts";
import * as forms from "./tree-forms.ts";
import type { Section, Values } from "./tree-types.ts";

export interface Field {
  /** In the tree. */
  readonly name: string;
  /** In the API, where it is called otherwise. */
  readonly api?: string;
  readonly form: Form;
  readonly required?: true;
  /** It cannot be changed once the resource is there. */
  readonly fixed?: true;
  /** It counts when the resource is made; afterwards it is not looked at. */
  readonly atFirst?: true;
}

/** Things that are only ever added to a resource; one is the same as another where all fixed fields are. */
export interface PartKind {
  /** In the tree and in the API's answers. */
  readonly section: "seals" | "trustedKeys" | "keys";
  readonly word: string;
  /** Below the resource's own path. */
  readonly path: string;
  readonly fields: readonly Field[];
  /** What of it the API's path has behind that, where it can be changed. */
  readonly id: "id" | "version" | null;
  /** Whether the server has it from elsewhere and not by an operator. */
  isForeign?(this: void, part: Values): boolean;
  /** Which of them a new resource is made with: its `seal`, all, or none; the others are added to it. */
  readonly madeWith: "seal" | "all" | "none";
  /** Whether each has to begin behind the ones before it. */
  readonly inOrder: boolean;
}

export interface Kind {
  readonly section: Section;
  /** Also the API's kind of it. */
  readonly word: string;
  readonly path: string;
  readonly fields: readonly Field[];
  readonly parts?: PartKind;
  /** The one way in which the server writes its name, where there are more. */
  readonly writeName?: (name: string) => string;
  /** What some values say of others. */
  readonly complete?: (values: Values) => Values;
}

const keyName: readonly Field[] = [
  { name: "keyId", form: forms.text, required: true, fixed: true },
  { name: "keyVersion", form: forms.text, required: true, fixed: true },
];

const seals: PartKind = {
  section: "seals",
  word: "seal",
  path: "seals",
  id: null,
  madeWith: "seal",
  inOrder: true,
  fields: [
    { name: "signingKey", form: forms.text, fixed: true },
    { name: "publicKeyPem", form: forms.pem, fixed: true },
    ...keyName,
    { name: "from", form: forms.instant, fixed: true },
  ],
};

const trustedKeys: PartKind = {
  section: "trustedKeys",
  word: "trusted key",
  path: "trusted-keys",
  id: "id",
  madeWith: "none",
  inOrder: false,
  fields: [
    ...keyName,
    { name: "publicKeyPem", form: forms.pem, required: true, fixed: true },
    { name: "from", form: forms.instant, fixed: true },
    { name: "until", form: forms.instantOrNever },
  ],
};

/** Those that an operator entered; a JWKS brings its own. */
const authorityKeys: PartKind = {
  section: "keys",
  word: "key",
  path: "keys",
  id: "version",
  isForeign: ({ origin }) => origin === "jwks",
  madeWith: "none",
  inOrder: false,
  fields: [
    { name: "version", form: forms.text, required: true, fixed: true },
    { name: "publicKeyPem", form: forms.pem, required: true, fixed: true },
    { name: "from", form: forms.instant, fixed: true },
    { name: "until", form: forms.instantOrNever },
  ],
};

const where: readonly Field[] = [
  { name: "indexUrl", form: forms.url, required: true },
  { name: "baseUrl", form: forms.url, required: true },
  { name: "allowPrivateAddresses", form: forms.flag },
];

export const KINDS: Readonly<Record<Section, Kind>> = {
  signingKeys: { section: "signingKeys", word: "signing-key", path: "/v1/signing-keys", fields: [] },
  locations: {
    section: "locations",
    word: "location",
    path: "/v1/locations",
    fields: [
      { name: "retention", api: "retentionSeconds", form: forms.duration },
      { name: "grace", api: "graceSeconds", form: forms.duration },
      { name: "indexObject", form: forms.text, fixed: true },
      { name: "basePrefix", form: forms.text, fixed: true },
      { name: "linePrefix", form: forms.text, fixed: true },
    ],
    parts: seals,
  },
  exports: {
    section: "exports",
    word: "export",
    path: "/v1/exports",
    fields: [
      { name: "location", form: forms.text, required: true, fixed: true },
      { name: "region", form: forms.region, required: true, fixed: true },
      { name: "includeRegions", form: forms.regions },
      { name: "excludeRegions", form: forms.regions },
      { name: "travelers", form: forms.choice("region", "also", "never") },
      { name: "period", api: "periodSeconds", form: forms.duration },
      { name: "from", form: forms.instant, fixed: true },
      { name: "thru", form: forms.instantOrNever },
      { name: "backfill", api: "backfillSeconds", form: forms.duration, fixed: true },
      { name: "maxRecords", form: forms.count },
      { name: "minRecords", form: forms.count },
      { name: "paddingRange", form: forms.count },
    ],
    complete: ({ includeRegions, ...values }) =>
      includeRegions === undefined ? values : { ...values, includeRegions: orOwn(includeRegions, values["region"]) },
  },
  sources: {
    section: "sources",
    word: "source",
    path: "/v1/sources",
    fields: [
      { name: "region", form: forms.region, required: true, fixed: true },
      { name: "supplier", form: forms.text, atFirst: true },
      ...where,
      { name: "headerRegions", form: forms.headerRegions },
      { name: "otherEntries", form: forms.texts },
      { name: "batchParts", form: forms.flag },
      { name: "onsetCodes", form: forms.flag },
      { name: "traveler", form: forms.flag },
      { name: "from", form: forms.instant },
      { name: "until", form: forms.instantOrNever },
    ],
    parts: trustedKeys,
  },
  mirrors: {
    section: "mirrors",
    word: "mirror",
    path: "/v1/mirrors",
    fields: [
      { name: "location", form: forms.text, required: true, fixed: true },
      { name: "method", form: forms.choice("copy", "reseal"), fixed: true },
      { name: "region", form: forms.text, required: true, fixed: true },
      ...where,
      { name: "maxRecords", form: forms.count },
      { name: "otherEntries", form: forms.texts },
      { name: "batchParts", form: forms.flag },
      { name: "onsetCodes", form: forms.flag },
      { name: "from", form: forms.instant, fixed: true },
      { name: "until", form: forms.instantOrNever },
    ],
    parts: { ...trustedKeys, madeWith: "all" },
  },
  authorities: {
    section: "authorities",
    word: "authority",
    path: "/v1/authorities",
    fields: [
      { name: "iss", form: forms.text, required: true },
      { name: "aud", form: forms.text, required: true },
      { name: "jwksUrl", form: forms.urlOrNone },
      { name: "allowPrivateAddresses", form: forms.flag },
      { name: "statsEnabled", form: forms.flag },
    ],
    parts: authorityKeys,
  },
  apps: {
    section: "apps",
    word: "app",
    path: "/v1/apps",
    writeName: (name) => name.toLowerCase(),
    fields: [
      { name: "regions", form: forms.regions, required: true },
      { name: "authorities", form: forms.names, required: true },
      { name: "bypassCertificate", form: forms.flag },
      { name: "bypassRevisionToken", form: forms.flag },
    ],
  },
  principals: {
    section: "principals",
    word: "principal",
    path: "/v1/principals",
    fields: [
      { name: "role", form: forms.choice(...ADMIN_ROLES), required: true, fixed: true },
      { name: "expiresAt", form: forms.instantOrNever, atFirst: true },
    ],
  },
};

/** No region means the export's own. */
function orOwn(regions: unknown, own: unknown): unknown {
  return Array.isArray(regions) && regions.length === 0 ? [own] : regions;
}
