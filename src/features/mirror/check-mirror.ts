// Whether the settings of a mirror can work, and the form in which they are stored.

import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { CodedError } from "../../core/coded-error.ts";
import { hasHiddenQuery } from "../../platform/http/hidden-query.ts";
import type { MirrorErrorCode, MirrorSettings } from "./mirror-types.ts";

/** The region comes back in upper case. Throws `mirror_settings_invalid`. */
export function checkMirror(settings: MirrorSettings): MirrorSettings {
  const { name, indexUrl, baseUrl, maxRecords, from, until } = settings;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw impossible("its name is of lower-case letters, digits and hyphens");
  for (const url of [indexUrl, baseUrl]) checkUrl(url);
  if (!Number.isSafeInteger(maxRecords) || maxRecords < 1 || maxRecords > MAX_ARCHIVE_KEYS) {
    throw impossible(`an archive holds between one key and ${MAX_ARCHIVE_KEYS}`);
  }
  if (until !== null && until <= from) throw impossible("it would end before it begins");
  return { ...settings, region: settings.region.toUpperCase() };
}

function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw impossible("index and base are http or https URLs without a fragment");
  }
  if (url.username !== "" || url.password !== "") throw impossible("index and base URL may not carry credentials");
  if (hasHiddenQuery(text)) throw impossible("the query of a URL is only shown as hidden: give it in whole");
}

export function impossible(why: string): CodedError {
  return new CodedError<MirrorErrorCode>("mirror_settings_invalid", `the mirror is not possible: ${why}`);
}
