// A source by its name.

import { CodedError } from "../../../core/coded-error.ts";
import type { Db } from "../../../platform/database/database.ts";
import type { ImportErrorCode, ImportSource } from "../import-types.ts";
import { readSource } from "./queries.ts";

/** Throws `source_unknown`. */
export async function findSource(db: Db, name: string): Promise<ImportSource> {
  const source = await readSource(db, name);
  if (source === null) throw sourceUnknown(name);
  return source;
}

export function sourceUnknown(name: string): CodedError<ImportErrorCode> {
  return new CodedError("source_unknown", `there is no source ${name}`);
}
