// Whether the values of a source can work, and the form in which they are stored.

import { CodedError } from "../../../core/coded-error.ts";
import { hasHiddenQuery } from "../../../platform/http/hidden-query.ts";
import type { ImportErrorCode, ImportSource } from "../import-types.ts";

/** Region and header regions come back in upper case (KS 13.4 I13). Throws `source_invalid`. */
export function checkSource(source: Omit<ImportSource, "id">): Omit<ImportSource, "id"> {
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(source.name)) {
    throw invalid("the name of a source is of letters, digits, dots, dashes and underscores");
  }
  if (!/^[A-Za-z0-9-]{1,5}$/.test(source.region)) {
    throw invalid("a region is of one to five letters, digits or dashes");
  }
  if (source.until !== null && source.until <= source.from) throw invalid("the source ends before it begins");
  if (source.headerRegions.length === 0) throw invalid("no header region would be allowed");
  for (const url of [source.indexUrl, source.baseUrl]) checkUrl(url);
  return {
    ...source,
    region: source.region.toUpperCase(),
    headerRegions: [...new Set(source.headerRegions.map((allowed) => allowed.toUpperCase()))],
  };
}

function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw invalid("index and base are http or https URLs without a fragment");
  }
  if (url.username !== "" || url.password !== "") throw invalid("index and base URL may not carry credentials");
  if (hasHiddenQuery(text)) throw invalid("the query of a URL is only shown as hidden: give it in whole");
}

function invalid(message: string): CodedError<ImportErrorCode> {
  return new CodedError("source_invalid", message);
}
