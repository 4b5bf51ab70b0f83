// Downloads of a follower, and why they failed.

import type { FetchedListing } from "../archive/listing/listing-types.ts";
import { CodedError } from "../core/coded-error.ts";
import { type Connection, type Exchange, exchange } from "./exchange.ts";
import type { DownloadErrorCode } from "./follower-types.ts";

/** Throws CodedError<DownloadErrorCode>. */
export async function downloadIndex(connection: Connection, url: string, maxBytes: number): Promise<FetchedListing> {
  const exchanged = await exchange(connection, url, {}, maxBytes);
  return contentOf(exchanged, "the index", (status) =>
    status === 404 || status === 410 ? "index_missing" : "index_unavailable",
  );
}

/** Throws CodedError<DownloadErrorCode>. */
export async function downloadArchive(connection: Connection, url: string, maxBytes: number): Promise<Uint8Array> {
  const exchanged = await exchange(connection, url, {}, maxBytes);
  const { bytes } = contentOf(exchanged, "the archive", (status) => {
    if (status === 404 || status === 410) return "archive_missing";
    if (status === 401 || status === 403) return "archive_forbidden";
    return status === 429 || status >= 500 ? "archive_unavailable" : "archive_unobtainable";
  });
  return bytes;
}

function contentOf(exchanged: Exchange, what: string, codeOf: (status: number) => DownloadErrorCode): FetchedListing {
  if (exchanged.kind === "failure") {
    const { code, message, cause } = exchanged;
    throw new CodedError<DownloadErrorCode>(code, `${what} did not come: ${message}`, { cause });
  }
  const { status, headers, body } = exchanged;
  if (status === 200) return { bytes: body, contentType: headers.get("content-type") };
  throw new CodedError<DownloadErrorCode>(codeOf(status), `${what} came with status ${status}`);
}

/** Whether the whole server is unwell, so that the next archive would fare no better. */
export function isOutage(error: unknown): boolean {
  const outages: readonly DownloadErrorCode[] = ["fetch_failed", "fetch_timeout", "archive_unavailable"];
  return error instanceof CodedError && outages.some((code) => code === error.code);
}
