// What a listing of archives is, and what can be wrong with one.

export interface FetchedListing {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

export type ListingErrorCode =
  /** 404 or 410. */
  | "index_missing"
  /** Any other status besides 200 and 304. */
  | "index_unavailable"
  | "index_html"
  | "index_not_text"
  | "index_too_many_lines";

/** Answers the lines in their order; throws CodedError<ListingErrorCode> for a body that is no listing. */
export type ListingReader = (fetched: FetchedListing) => string[];
