// Mirrors as one of the two ways of following a server.

import type { FollowerKind } from "../upstreams/follower-kind.ts";
import { forgetValidators } from "../upstreams/queries.ts";
import { lockMirror } from "./change-queries.ts";
import { changeWaiting, deleteMirror, isWaitingLine, readWaitingLines } from "./line-queries.ts";
import type { Mirror } from "./mirror-types.ts";
import { isTaken } from "./queries.ts";
import { mirrorUnknown, requireMirror } from "./require-mirror.ts";
import { lookAtMirror } from "./show-mirror.ts";

export const mirrorKind: FollowerKind<Mirror> = {
  noun: "mirror",
  find: requireMirror,
  async lock(tx, name) {
    const mirror = await lockMirror(tx, name);
    if (mirror === undefined) throw mirrorUnknown(name);
    return mirror;
  },
  look: ({ db }, name, now) => lookAtMirror(db, name, now),
  linesOf: ({ id }) => ({
    async standing(tx, line) {
      if (await isTaken(tx, id, line)) return "taken";
      return (await isWaitingLine(tx, id, line)) ? "waiting" : "unlisted";
    },
    waiting: (tx) => readWaitingLines(tx, id),
  }),
  settleSkipped: (tx, { id }) => changeWaiting(tx, id, -1),
  async takeUpAgain(tx, { id, upstreamId }, line) {
    await forgetValidators(tx, upstreamId);
    if (await isWaitingLine(tx, id, line)) await changeWaiting(tx, id, 1);
  },
  // It stopped before the archive: its next run begins there.
  tryUntrustedAgain: async () => [],
  removal: {
    hasTaken: async (_tx, { nextPosition }) => nextPosition > 1,
    // A run that goes on finds no row of its mirror, and what it would have published is not.
    isBusy: async () => false,
    deleteRows: (tx, { id }) => deleteMirror(tx, id),
  },
};
