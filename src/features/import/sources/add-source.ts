// Adds a source after checking that its values can work.

import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportErrorCode, ImportSource } from "../import-types.ts";
import { insertSource } from "./queries.ts";

export interface NewSource {
  /** Unique among sources. */
  readonly name: string;
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
  /** By default now. */
  readonly from?: UnixSeconds;
  /** By default never. */
  readonly until?: UnixSeconds | null;
}

/** Throws `source_invalid` and `source_exists`. */
export async function addSource(deps: ImportDeps, added: NewSource): Promise<ImportSource> {
  const source = checkedSource(added, deps.clock.now());
  const id = await insertSource(deps.database.db, source);
  if (id === null) throw failure("source_exists", `there is a source ${added.name} already`);
  const stored = { id, ...source };
  events.reportSourceAdded(deps.report, stored);
  return stored;
}

function checkedSource(added: NewSource, now: UnixSeconds): Omit<ImportSource, "id"> {
  const region = checkedRegion(added.region);
  const from = added.from ?? now;
  const until = added.until ?? null;
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(added.name)) {
    throw failure("source_invalid", "the name of a source is of letters, digits, dots, dashes and underscores");
  }
  if (until !== null && until <= from) throw failure("source_invalid", "the source ends before it begins");
  if (added.headerRegions?.length === 0) throw failure("source_invalid", "no header region would be allowed");
  return {
    name: added.name,
    listingFormat: "text-index",
    indexUrl: checkedUrl(added.indexUrl),
    baseUrl: checkedUrl(added.baseUrl),
    region,
    headerRegions: (added.headerRegions ?? [region]).map((allowed) => allowed.toUpperCase()),
    traveler: added.traveler ?? false,
    allowPrivateAddresses: added.allowPrivateAddresses ?? false,
    otherEntries: added.otherEntries ?? [],
    from,
    until,
  };
}

function checkedRegion(region: string): string {
  if (/^[A-Za-z0-9-]{1,5}$/.test(region)) return region.toUpperCase();
  throw failure("source_invalid", "a region is of one to five letters, digits or dashes");
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hash === "") return text;
  throw failure("source_invalid", "index and base are http or https URLs without a fragment");
}

function failure(code: ImportErrorCode, message: string): CodedError<ImportErrorCode> {
  return new CodedError(code, message);
}
