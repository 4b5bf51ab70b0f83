// The routes of suppliers.

import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { cutPage, nameParams, nothing, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import { newMergeSchema, type SupplierBody, supplierPageSchema, supplierSchema } from "./admin-schemas.ts";
import { mergeSuppliers, requireSupplier } from "./merge-suppliers.ts";
import { type ListedSupplier, readSupplier, readSuppliers } from "./supplier-queries.ts";

export function supplierRoutes(): AdminRoute[] {
  return [listSuppliers, showSupplier, mergeRoute];
}

const words = { tag: "suppliers" } as const;
const resourceOf = (name: string) => ({ kind: "supplier", name });

const listSuppliers = readRoute({
  ...words,
  path: "/v1/suppliers",
  operationId: "listSuppliers",
  summary: "All suppliers, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: supplierPageSchema,
  codes: [],
  read: async ({ db }, { query }) => {
    const { items, next } = cutPage(await readSuppliers(db), query, ({ name }) => name);
    return { items: items.map(toSupplierBody), next };
  },
});

const showSupplier = readRoute({
  ...words,
  path: "/v1/suppliers/{name}",
  operationId: "showSupplier",
  summary: "One supplier, also by the name of one that became one with it",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: supplierSchema,
  codes: ["supplier_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: (database, { params }) => show(database, params.name),
});

const mergeRoute = changeRoute({
  ...words,
  method: "POST",
  path: "/v1/suppliers/{name}/merges",
  operationId: "mergeSupplier",
  summary: "Makes a supplier one with another",
  description:
    "Its listings, trusted keys, token keys and all exposure keys that it owns belong to the other one from then on. It " +
    "cannot be undone.",
  role: "administrator",
  params: nameParams,
  body: newMergeSchema,
  answer: supplierSchema,
  status: 201,
  codes: ["supplier_unknown", "supplier_same"],
  resource: ({ params }) => resourceOf(params.name),
  look: async ({ db }, { params }) => {
    const supplier = await readSupplier(db, params.name);
    return supplier && toSupplierBody(supplier);
  },
  change: async (database, { params, body }) => {
    await mergeSuppliers(database, params.name, body.into);
    return show(database, body.into);
  },
});

async function show({ db }: Database, name: string): Promise<SupplierBody> {
  return toSupplierBody(requireSupplier(await readSupplier(db, name), name));
}

function toSupplierBody({ id, name, formerNames, listings }: ListedSupplier): SupplierBody {
  return { id, name, formerNames: [...formerNames], listings };
}
