// Two suppliers turn out to be one organisation: what belonged to either belongs to both.

import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { lockSuppliers, readSupplier, writeMerge } from "./supplier-queries.ts";
import type { Supplier, UpstreamErrorCode } from "./upstream-types.ts";

/**
 * Listings, trusted keys, token keys and exposure keys of `from` are those of `into` from now on. It cannot be undone:
 * which key was whose is not remembered apart. Throws `supplier_unknown`, `supplier_same`.
 */
export async function mergeSuppliers(database: Database, from: string, into: string): Promise<void> {
  await database.transaction(async (tx) => {
    await lockSuppliers(tx);
    const [merged, remaining] = [await readSupplier(tx, from), await readSupplier(tx, into)];
    if (merged === null) throw supplierUnknown(from);
    if (remaining === null) throw supplierUnknown(into);
    if (merged.id === remaining.id) {
      throw new CodedError<UpstreamErrorCode>("supplier_same", `${from} and ${into} are one supplier already`);
    }
    await writeMerge(tx, merged.id, remaining.id);
  });
}

export function requireSupplier<Found extends Supplier>(supplier: Found | null, name: string): Found {
  if (supplier === null) throw supplierUnknown(name);
  return supplier;
}

function supplierUnknown(name: string): CodedError<UpstreamErrorCode> {
  return new CodedError("supplier_unknown", `there is no supplier ${name}`);
}
