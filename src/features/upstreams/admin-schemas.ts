// What the admin API takes and answers about suppliers.

import { type Static, Type } from "typebox";
import { CLOSED, pageOf } from "../../platform/http/admin/admin-schemas.ts";

export const supplierSchema = Type.Object(
  {
    id: Type.Integer({ description: "Token keys that it handed over name it by this." }),
    name: Type.String(),
    formerNames: Type.Array(Type.String(), { description: "Of suppliers that have become one with it." }),
    listings: Type.Integer({ description: "Sources, and mirrors that share its trust." }),
  },
  { ...CLOSED, title: "Supplier", description: "The servers of one organisation: keys and trust belong to it." },
);
export type SupplierBody = Static<typeof supplierSchema>;

export const supplierPageSchema = pageOf(supplierSchema);

export const newMergeSchema = Type.Object(
  {
    into: Type.String({ minLength: 1, maxLength: 100, description: "The supplier to which everything belongs then." }),
  },
  { ...CLOSED, title: "NewSupplierMerge" },
);
