// What the admin API takes and answers about signing keys; the private halves are in none of it.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull, pageOf } from "../../platform/http/admin/admin-schemas.ts";

export const newSigningKeySchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100, description: "Letters, digits, dots, dashes, underscores." }) },
  { ...CLOSED, title: "NewSigningKey" },
);

export const signingKeyImportSchema = Type.Object(
  {
    name: newSigningKeySchema.properties.name,
    privateKeyPem: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: "A private key on P-256: PKCS#8 or SEC1 in PEM, not encrypted. It is kept, and never shown again.",
    }),
  },
  { ...CLOSED, title: "SigningKeyImport" },
);

const sealUse = Type.Object(
  {
    location: Type.String(),
    keyId: Type.String(),
    keyVersion: Type.String(),
    from: instant,
    until: instantOrNull,
  },
  { ...CLOSED, title: "SealUse" },
);

export const signingKeySchema = Type.Object(
  {
    name: Type.String(),
    algorithm: Type.Literal("ECDSA-P256-SHA256"),
    publicKeyPem: Type.Union([Type.String(), Type.Null()], { description: "SubjectPublicKeyInfo in PEM." }),
    problem: Type.Union([Type.String(), Type.Null()], { description: "The code of why it cannot be used." }),
    usedBy: Type.Array(sealUse, { description: "The seals that name it, past ones too." }),
  },
  { ...CLOSED, title: "SigningKey" },
);
export type SigningKeyBody = Static<typeof signingKeySchema>;

export const signingKeyPageSchema = pageOf(signingKeySchema);
export type SigningKeyPage = Static<typeof signingKeyPageSchema>;
