// Publishing an index, and keeping how it went for operators.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { LocationDeps } from "./location-deps.ts";
import { recordFailure, recordPublished } from "./overview-queries.ts";
import { publishIndex } from "./publish-index.ts";

/** As `publishIndex`, and throws what that throws. */
export async function publishAndRecord(deps: LocationDeps, name: string, now: UnixSeconds): Promise<void> {
  try {
    await publishIndex(deps, name, now);
  } catch (error) {
    await attemptRecord(deps, name, now, error);
    throw error;
  }
  await recordPublished(deps.database.db, name, now);
}

/** What went wrong first is what counts, also where it cannot be recorded. */
async function attemptRecord(deps: LocationDeps, name: string, at: UnixSeconds, error: unknown): Promise<void> {
  const code = codeOf(error) ?? "unexpected";
  const message = error instanceof CodedError ? error.message : "The log has the cause.";
  try {
    await recordFailure(deps.database.db, name, { at, code, message });
  } catch {
    deps.report({ event: "location.failure-not-recorded", level: "warn", location: name, code });
  }
}
