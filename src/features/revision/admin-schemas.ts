// What the admin API says about token keys; never a secret in the clear.

import { Type } from "typebox";
import { CLOSED, instant, instantOrNull } from "../../platform/http/admin/admin-schemas.ts";

export const tokenKeySchema = Type.Object(
  {
    id: Type.String({ description: "Tokens name their key by it." }),
    sourceId: Type.Union([Type.Integer(), Type.Null()], {
      description: "The import source whose keys its tokens may revise; null for a key of this server.",
    }),
    createdAt: instant,
    endsAt: instantOrNull,
    destroyed: Type.Boolean(),
  },
  CLOSED,
);

const base64 = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: "^[A-Za-z0-9+/]+=*$" });

export const recipientSchema = Type.Object({ publicKey: base64(64) }, CLOSED);

export const transferSchema = Type.Object(
  { transfer: base64(65_536), count: Type.Integer({ description: "How many token keys it holds." }) },
  CLOSED,
);

export const transferBody = Type.Object(
  {
    transfer: base64(65_536),
    source: Type.String({ minLength: 1, maxLength: 100, description: "The import source that they come from." }),
  },
  CLOSED,
);

export const importedSchema = Type.Object({ count: Type.Integer() }, CLOSED);
