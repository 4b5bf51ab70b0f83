// How each source lists its archives; formats of other countries join here.

import type { ListingFormat, ListingReader } from "./listing-types.ts";
import { readTextIndex } from "./read-text-index.ts";

export const listingReaders: Readonly<Record<ListingFormat, ListingReader>> = {
  "text-index": readTextIndex,
};
