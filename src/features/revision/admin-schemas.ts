// What the admin API says about token keys; never a secret in the clear.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull, pageOf } from "../../platform/http/admin/admin-schemas.ts";

export const tokenKeySchema = Type.Object(
  {
    id: Type.String({ description: "Tokens name their key by it." }),
    supplierId: Type.Union([Type.Integer(), Type.Null()], {
      description: "The supplier that handed it over, whose word its tokens are; null for a key of this server.",
    }),
    createdAt: instant,
    endsAt: instantOrNull,
    destroyed: Type.Boolean({ description: "Whether its secret is gone, and with it what its tokens hold." }),
  },
  { ...CLOSED, title: "TokenKey" },
);
export type TokenKeyBody = Static<typeof tokenKeySchema>;

export const tokenKeyPageSchema = pageOf(tokenKeySchema);
export type TokenKeyPage = Static<typeof tokenKeyPageSchema>;

const base64 = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: "^[A-Za-z0-9+/]+=*$" });

export const recipientSchema = Type.Object(
  { publicKey: base64(64) },
  { ...CLOSED, title: "TokenKeyRecipient", description: "A public key to which token keys are encrypted." },
);
export type RecipientBody = Static<typeof recipientSchema>;

export const transferSchema = Type.Object(
  { transfer: base64(65_536), count: Type.Integer({ description: "How many token keys it holds." }) },
  { ...CLOSED, title: "TokenKeyTransfer" },
);
export type TransferBody = Static<typeof transferSchema>;

export const newImportSchema = Type.Object(
  {
    transfer: base64(65_536),
    source: Type.String({ minLength: 1, maxLength: 100, description: "The import source that they come from." }),
  },
  { ...CLOSED, title: "NewTokenKeyImport" },
);
export type NewImportBody = Static<typeof newImportSchema>;

export const importedSchema = Type.Object(
  { count: Type.Integer({ description: "How many token keys are here now that were handed over." }) },
  { ...CLOSED, title: "TokenKeyImport" },
);
export type ImportedBody = Static<typeof importedSchema>;
