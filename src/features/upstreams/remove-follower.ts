// Removing a source or a mirror that has ended, or that never took anything.

import { CodedError } from "../../core/coded-error.ts";
import { lifeOf } from "../../core/life.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { deleteUpstream } from "./queries.ts";
import type { Asked } from "./skip-queries.ts";
import type { UpstreamErrorCode } from "./upstream-types.ts";

/** What it brought stays. Throws `upstream_not_ended`, `upstream_busy`, and where there is none of this name. */
export async function removeFollower<One extends Follower>(
  tx: Db,
  { noun, lock, removal }: FollowerKind<One>,
  name: string,
  { now }: Asked,
): Promise<One> {
  const one = await lock(tx, name);
  if (lifeOf(one, now) !== "ended" && (await removal.hasTaken(tx, one))) throw notEnded(noun);
  if (await removal.isBusy(tx, one, now)) throw busy(noun);
  await removal.deleteRows(tx, one);
  await deleteUpstream(tx, one.upstreamId);
  return one;
}

function notEnded(noun: string): CodedError<UpstreamErrorCode> {
  return new CodedError("upstream_not_ended", `the ${noun} has taken archives and has not ended`, {
    remedy: "Give it an end first, and wait for what it has listed; skip what can never be had.",
  });
}

function busy(noun: string): CodedError<UpstreamErrorCode> {
  return new CodedError("upstream_busy", `a worker is at an archive of the ${noun}`, {
    remedy: "Ask again when it is done, in a quarter of an hour at most.",
  });
}
