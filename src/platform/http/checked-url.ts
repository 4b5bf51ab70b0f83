// Which URLs may be fetched at all.

import { isIP } from "node:net";
import { fetchError } from "./fetch-error.ts";
import { isNeverFetched, isPublicAddress } from "./public-address.ts";

/**
 * Parses `text`, relative to `base` for a redirect. Throws `fetch_url_invalid` unless it is http or https without
 * credentials, and https where the redirect came over https; `fetch_private_address` for a literal address that is not
 * allowed, and `fetch_forbidden_address` for one that never is. Names are judged when resolved.
 */
export function parseFetchUrl(text: string, allowPrivateAddresses: boolean, base?: URL): URL {
  const url = URL.parse(text, base);
  if (url === null) throw fetchError("fetch_url_invalid", "The URL cannot be parsed.");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw fetchError("fetch_url_invalid", `Only http and https are fetched, not ${url.protocol}`);
  }
  if (base?.protocol === "https:" && url.protocol === "http:") {
    throw fetchError("fetch_url_invalid", `${base.host} redirects from https to http.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw fetchError("fetch_url_invalid", `The URL for ${url.host} carries credentials.`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isNeverFetched(literal)) throw neverFetched(url.hostname);
  if (!allowPrivateAddresses && isIP(literal) !== 0 && !isPublicAddress(literal)) throw privateAddress(url.hostname);
  return url;
}

/** The URL as it may be told: without its query, which may hold an access token. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "an unusable URL" : `${parsed.origin}${parsed.pathname}`;
}

export function neverFetched(host: string): Error {
  return fetchError("fetch_forbidden_address", `${host} is link-local or a place of cloud metadata.`);
}

export function privateAddress(host: string): Error {
  return fetchError(
    "fetch_private_address",
    `${host} is not on the public internet, and this source may not be private.`,
  );
}
