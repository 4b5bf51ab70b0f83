// What the admin API takes and answers about health authorities and their keys.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull, pageOf } from "../../platform/http/admin/admin-schemas.ts";

const iss = Type.String({ minLength: 1, maxLength: 400, description: "The claim iss of its certificates." });
const aud = Type.String({ minLength: 1, maxLength: 400, description: "The claim aud of its certificates." });
const jwksUrl = Type.Union([Type.String({ minLength: 1, maxLength: 2_000 }), Type.Null()], {
  description: "Where it publishes its keys; null: they are entered by hand.",
});
const allowPrivateAddresses = Type.Boolean({
  description: "Whether the JWKS may come from a private address, and over plain http.",
});
const statsEnabled = Type.Boolean({ description: "Whether it may ask for its statistics." });
const version = Type.String({ minLength: 1, maxLength: 100, description: "The kid of certificates under this key." });
const publicKeyPem = Type.String({ minLength: 1, maxLength: 4_000, description: "SubjectPublicKeyInfo on P-256." });

export const newAuthoritySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }),
    iss,
    aud,
    jwksUrl: Type.Optional(jwksUrl),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    statsEnabled: Type.Optional(statsEnabled),
  },
  { ...CLOSED, title: "NewAuthority" },
);
export type NewAuthorityBody = Static<typeof newAuthoritySchema>;

export const authorityChangeSchema = Type.Object(
  {
    iss: Type.Optional(iss),
    aud: Type.Optional(aud),
    jwksUrl: Type.Optional(jwksUrl),
    allowPrivateAddresses: Type.Optional(allowPrivateAddresses),
    statsEnabled: Type.Optional(statsEnabled),
  },
  { ...CLOSED, title: "AuthorityChange" },
);
export type AuthorityChangeBody = Static<typeof authorityChangeSchema>;

export const newAuthorityKeySchema = Type.Object(
  {
    version,
    publicKeyPem,
    from: Type.Optional(instant),
    until: Type.Optional(instantOrNull),
  },
  { ...CLOSED, title: "NewAuthorityKey", description: "Valid from now on unless it says otherwise." },
);
export type NewAuthorityKeyBody = Static<typeof newAuthorityKeySchema>;

export const authorityKeyParams = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), version: Type.String({ minLength: 1, maxLength: 100 }) },
  CLOSED,
);

export const authorityKeyChangeSchema = Type.Object(
  { until: instantOrNull },
  { ...CLOSED, title: "AuthorityKeyChange", description: "An instant ends the key, null opens it again." },
);
export type AuthorityKeyChangeBody = Static<typeof authorityKeyChangeSchema>;

export const authorityKeySchema = Type.Object(
  {
    version,
    publicKeyPem,
    origin: Type.Enum(["manual", "jwks"]),
    from: instant,
    until: instantOrNull,
    untilSetBy: Type.Union([Type.Enum(["operator", "jwks"]), Type.Null()], {
      description: "What an operator has ended is not trusted again because a JWKS has it.",
    }),
  },
  { ...CLOSED, title: "AuthorityKey" },
);
export type AuthorityKeyBody = Static<typeof authorityKeySchema>;

export const authoritySchema = Type.Object(
  {
    name: Type.String(),
    iss,
    aud,
    jwksUrl,
    allowPrivateAddresses,
    statsEnabled,
    jwksCheckedAt: instantOrNull,
    jwksSucceededAt: instantOrNull,
    jwksError: Type.Union([Type.String(), Type.Null()], {
      description: "The code of why the last look at the JWKS changed nothing; null: it went well.",
    }),
    keys: Type.Array(authorityKeySchema, { description: "Past and future ones too, by their beginning." }),
  },
  { ...CLOSED, title: "Authority" },
);
export type AuthorityBody = Static<typeof authoritySchema>;

export const authorityPageSchema = pageOf(authoritySchema);
export type AuthorityPage = Static<typeof authorityPageSchema>;
