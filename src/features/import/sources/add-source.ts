// Adds a source after checking that its values can work.

import { DEFAULT_LISTING_FORMAT, type ListingFormat } from "../../../archive/listing/listing-reader.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportErrorCode, ImportSource } from "../import-types.ts";
import { checkSource, isName as isSupplierName } from "./check-source.ts";
import { insertSource } from "./queries.ts";

export interface NewSource {
  /** Unique among sources. */
  readonly name: string;
  /** By default a text index. */
  readonly listingFormat?: ListingFormat;
  readonly indexUrl: string;
  /** With or without a final slash; a query (an access token) is kept. */
  readonly baseUrl: string;
  /** 1 to 5 letters, digits or dashes; stored in upper case (KS 13.4 I13). */
  readonly region: string;
  /** What an archive's header may say; by default only `region`. */
  readonly headerRegions?: readonly string[];
  readonly traveler?: boolean;
  readonly allowPrivateAddresses?: boolean;
  readonly otherEntries?: readonly string[];
  readonly batchParts?: boolean;
  readonly onsetCodes?: boolean;
  /** By default one of its own name. */
  readonly supplier?: string;
  /** By default now. */
  readonly from?: UnixSeconds;
  /** By default never. */
  readonly until?: UnixSeconds | null;
}

/** Throws `source_invalid` and `source_exists`. */
export async function addSource(deps: ImportDeps, added: NewSource): Promise<ImportSource> {
  const source = checkSource({
    name: added.name,
    listingFormat: added.listingFormat ?? DEFAULT_LISTING_FORMAT,
    indexUrl: added.indexUrl,
    baseUrl: added.baseUrl,
    region: added.region,
    headerRegions: added.headerRegions ?? [added.region],
    traveler: added.traveler ?? false,
    allowPrivateAddresses: added.allowPrivateAddresses ?? false,
    otherEntries: added.otherEntries ?? [],
    batchParts: added.batchParts ?? false,
    onsetCodes: added.onsetCodes ?? false,
    from: added.from ?? deps.clock.now(),
    until: added.until ?? null,
  });
  const { supplier = added.name } = added;
  if (!isSupplierName(supplier)) {
    throw new CodedError<ImportErrorCode>("source_invalid", "the name of a supplier is formed as that of a source");
  }
  const stored = await deps.database.transaction((tx) => insertSource(tx, source, supplier));
  if (stored === null) {
    throw new CodedError<ImportErrorCode>("source_exists", `there is a source ${added.name} already`);
  }
  events.reportSourceAdded(deps.report, stored);
  return stored;
}
