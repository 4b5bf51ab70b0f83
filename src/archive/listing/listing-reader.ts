// Every format in which servers list their archives: a further one is one more reader here.

import type { FetchedListing, ListingReader } from "./listing-types.ts";
import { readTextIndex } from "./read-text-index.ts";

export const listingReaders = { "text-index": readTextIndex } satisfies Record<string, ListingReader>;

export type ListingFormat = keyof typeof listingReaders;

/** The format of a server whose settings name none. */
export const DEFAULT_LISTING_FORMAT: ListingFormat = "text-index";

/** The lines of a listing, in their order. Throws CodedError<ListingErrorCode> for a body that is none. */
export function readLines(format: ListingFormat, fetched: FetchedListing): string[] {
  return listingReaders[format](fetched);
}
