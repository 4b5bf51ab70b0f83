// Whether the values of a source can work, and the form in which they are stored.

import { CodedError } from "../../../core/coded-error.ts";
import { problemOf } from "../../upstreams/check-address.ts";
import type { ImportErrorCode } from "../import-types.ts";
import type { NewSourceRow } from "./queries.ts";

/** Region and header regions come back in upper case (KS 13.4 I13). Throws `source_invalid`. */
export function checkSource<Source extends NewSourceRow>(source: Source): Source {
  if (!isName(source.name)) {
    throw invalid("the name of a source is of letters, digits, dots, dashes and underscores");
  }
  if (!/^[A-Za-z0-9-]{1,5}$/.test(source.region)) {
    throw invalid("a region is of one to five letters, digits or dashes");
  }
  if (source.headerRegions.length === 0) throw invalid("no header region would be allowed");
  const problem = problemOf(source);
  if (problem !== null) throw invalid(problem);
  return {
    ...source,
    region: source.region.toUpperCase(),
    headerRegions: [...new Set(source.headerRegions.map((allowed) => allowed.toUpperCase()))],
  };
}

/** Of sources and suppliers. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(text);
}

function invalid(message: string): CodedError<ImportErrorCode> {
  return new CodedError("source_invalid", message);
}
