// Whether the settings of a mirror can work, and the form in which they are stored.

import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { CodedError } from "../../core/coded-error.ts";
import { problemOf } from "../upstreams/check-address.ts";
import type { MirrorErrorCode, MirrorSettings } from "./mirror-types.ts";

/** The region comes back in upper case. Throws `mirror_settings_invalid`. */
export function checkMirror<Settings extends MirrorSettings>(settings: Settings): Settings {
  const { name, method, region, maxRecords } = settings;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw impossible("its name is of lower-case letters, digits and hyphens");
  }
  if (method === "reseal" && region === "") throw impossible("archives that are resealed need a region");
  const problem = problemOf(settings);
  if (problem !== null) throw impossible(problem);
  if (!Number.isSafeInteger(maxRecords) || maxRecords < 1 || maxRecords > MAX_ARCHIVE_KEYS) {
    throw impossible(`an archive holds between one key and ${MAX_ARCHIVE_KEYS}`);
  }
  return { ...settings, region: region.toUpperCase() };
}

export function impossible(why: string): CodedError {
  return new CodedError<MirrorErrorCode>("mirror_settings_invalid", `the mirror is not possible: ${why}`);
}
