// Letting a mirror pass by an archive that can never be had, on an operator's word and with the reason.

import { parseArchiveName } from "../../archive/archive-name.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { MirrorDeps, MirrorErrorCode } from "./mirror-types.ts";
import { isTaken, recordTaken } from "./queries.ts";
import { requireMirror } from "./require-mirror.ts";

/**
 * A mirror stops at the first archive that it cannot have, so that it leaves no gap (DB I2); only a person can know that
 * one will never come. Its line counts as taken from now on: its keys are given up here, and the record says why.
 * Throws `mirror_unknown`, `mirror_settings_invalid` without a reason, `mirror_line_taken`, `mirror_overtaken`.
 */
export async function passByLine(
  deps: MirrorDeps,
  name: string,
  listed: string,
  reason: string,
  now: UnixSeconds,
): Promise<void> {
  if (reason.trim() === "") throw failure("mirror_settings_invalid", "passing an archive by needs a reason");
  const mirror = await requireMirror(deps.database.db, name);
  // As they are compared: leading slashes mean nothing.
  const line = listed.replace(/^\/+/, "");
  if (await isTaken(deps.database.db, mirror.id, line)) {
    throw failure("mirror_line_taken", `"${line}" was taken or passed by already`);
  }
  const end = parseArchiveName(line)?.end ?? now;
  const nothing = { locationLine: null, primaries: 0, revised: 0, leftOut: 0, refused: 0 };
  const passed = { line, digest: "", end, ...nothing, passedBy: reason };
  const isWritten = await deps.database.transaction((tx) => {
    return recordTaken(tx, mirror, [passed], now, mirror.historyDoneAt !== null);
  });
  if (!isWritten) throw failure("mirror_overtaken", `a worker went on with "${name}" meanwhile; look again`);
  deps.report({ event: "mirror.line-passed-by", level: "warn", mirror: name, line, reason });
}

function failure(code: MirrorErrorCode, message: string): CodedError {
  return new CodedError<MirrorErrorCode>(code, message);
}
