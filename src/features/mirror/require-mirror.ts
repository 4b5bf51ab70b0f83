// A mirror by its name.

import { CodedError } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Mirror, MirrorErrorCode } from "./mirror-types.ts";
import { readMirror } from "./queries.ts";

/** Throws `mirror_unknown`. */
export async function requireMirror(db: Db, name: string): Promise<Mirror> {
  const mirror = await readMirror(db, name);
  if (mirror) return mirror;
  throw mirrorUnknown(name);
}

export function mirrorUnknown(name: string): CodedError<MirrorErrorCode> {
  return new CodedError("mirror_unknown", `there is no mirror "${name}"`);
}
