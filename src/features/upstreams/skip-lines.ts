// Skipping a listed line that can never be had, and taking it up again.

import { CodedError } from "../../core/coded-error.ts";
import { lifeOf } from "../../core/life.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { nearestLines } from "./nearest-lines.ts";
import { type Asked, insertSkip, readSkip, undoSkip } from "./skip-queries.ts";
import type { Skip } from "./skip-types.ts";
import type { UpstreamErrorCode } from "./upstream-types.ts";

/** As lines are compared: leading slashes mean nothing. */
function plainLine(listed: string): string {
  return listed.replace(/^\/+/, "");
}

/**
 * The line counts as settled from now on; its keys are given up until somebody undoes it. Throws `upstream_line_unknown`
 * with the nearest lines, `upstream_line_taken`, `upstream_line_skipped`, and where there is none of this name.
 */
export async function skipLine<One extends Follower>(
  tx: Db,
  kind: FollowerKind<One>,
  name: string,
  listed: string,
  reason: string,
  asked: Asked,
): Promise<Skip> {
  const [one, line] = [await kind.lock(tx, name), plainLine(listed)];
  const lines = kind.linesOf(one);
  const standing = await lines.standing(tx, line);
  if (standing === "taken") throw failure("upstream_line_taken", `${JSON.stringify(line)} was taken already`);
  if (standing === "unlisted") throw unlisted(line, await lines.waiting(tx));
  if (!(await insertSkip(tx, one.upstreamId, line, reason.trim(), asked))) {
    throw failure("upstream_line_skipped", `${JSON.stringify(line)} is skipped already`);
  }
  await kind.settleSkipped(tx, one, line, asked);
  return readSkip(tx, one.upstreamId, line);
}

/** Throws `upstream_line_not_skipped`, and `upstream_ended` where nothing would be taken any more. */
export async function unskipLine<One extends Follower>(
  tx: Db,
  kind: FollowerKind<One>,
  name: string,
  listed: string,
  asked: Asked,
): Promise<Skip> {
  const [one, line] = [await kind.lock(tx, name), plainLine(listed)];
  if (lifeOf(one, asked.now) === "ended") {
    throw failure("upstream_ended", "it has ended, so that nothing more is taken", "Give it another end first.");
  }
  if (!(await undoSkip(tx, one.upstreamId, line, asked))) {
    throw failure("upstream_line_not_skipped", `${JSON.stringify(line)} is not skipped`, "List the skips.");
  }
  await kind.takeUpAgain(tx, one, line, asked);
  return readSkip(tx, one.upstreamId, line);
}

function unlisted(line: string, waiting: readonly string[]): CodedError {
  const near = nearestLines(line, waiting).map((one) => JSON.stringify(one));
  const remedy = near.length === 0 ? "List what it lists." : `Listed, and nearest to it: ${near.join(", ")}.`;
  return failure("upstream_line_unknown", `the other server does not list ${JSON.stringify(line)}`, remedy);
}

function failure(code: UpstreamErrorCode, message: string, remedy?: string): CodedError {
  return new CodedError(code, message, remedy === undefined ? {} : { remedy });
}
