// Fetching from servers that are not ours: bounded in time, size and redirects.

import type { UnixSeconds } from "../../core/clock.ts";

export interface FetchRequest {
  readonly url: string;
  readonly maxBytes: number;
  /** For the whole exchange, redirects and body included. */
  readonly timeoutMilliseconds: number;
  /** Sent as If-None-Match. */
  readonly etag?: string | undefined;
  /** Sent as If-Modified-Since. */
  readonly lastModified?: string | undefined;
  /** Loopback, private and link-local addresses are refused unless this is true. */
  readonly allowPrivateAddresses: boolean;
  /** Ends the exchange; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export type FetchResult =
  | {
      readonly outcome: "ok";
      readonly bytes: Uint8Array;
      readonly contentType: string | null;
      readonly etag: string | null;
      readonly lastModified: string | null;
    }
  | { readonly outcome: "not_modified" }
  /** Any status besides 200 and 304; redirects are followed before. */
  | { readonly outcome: "status"; readonly status: number };

export type FetchErrorCode =
  | "fetch_failed"
  | "fetch_timeout"
  | "fetch_too_large"
  | "fetch_cut_short"
  | "fetch_private_address"
  /** Link-local, or where a cloud hands out credentials: never fetched. */
  | "fetch_forbidden_address"
  | "fetch_too_many_redirects"
  | "fetch_url_invalid";

/** What time it is by the server's own clock, whatever it answers; null where it does not say. Reads headers only. */
export type ReadServerTime = (
  request: Pick<FetchRequest, "url" | "timeoutMilliseconds" | "allowPrivateAddresses">,
) => Promise<UnixSeconds | null>;

/** Throws CodedError<FetchErrorCode>, and the reason of an aborted signal; a status is a result, not an error. */
export type Fetcher = (request: FetchRequest) => Promise<FetchResult>;
