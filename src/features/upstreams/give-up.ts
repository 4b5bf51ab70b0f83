// Ending a server that is followed although something that it listed is left, on an operator's word and with the reason.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { lifeOf } from "../../core/life.ts";
import type { Db } from "../../platform/database/database.ts";
import { endUpstream } from "./queries.ts";
import type { Upstream, UpstreamErrorCode } from "./upstream-types.ts";

/** What is left is taken no more. Throws `upstream_not_ending`. */
export async function giveUp(tx: Db, upstream: Upstream, reason: string, now: UnixSeconds): Promise<void> {
  const isGivenUp = lifeOf(upstream, now) === "ending" && (await endUpstream(tx, upstream, now, reason));
  if (isGivenUp) return;
  throw new CodedError<UpstreamErrorCode>("upstream_not_ending", "only what has come to its end can be given up", {
    remedy: "Give it an end first (`until`), and wait for what it has listed.",
  });
}
