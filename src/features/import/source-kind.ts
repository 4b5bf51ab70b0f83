// Sources as one of the two ways of following a server.

import type { FollowerKind } from "../upstreams/follower-kind.ts";
import type { ImportSource } from "./import-types.ts";
import { readListedLines } from "./queries.ts";
import { reopenArchives, UNTRUSTED } from "./reopen-archives.ts";
import { lookForAudit } from "./show-source.ts";
import { skipArchive, unskipArchive } from "./skip-archives.ts";
import { lockSourceNamed } from "./sources/change-queries.ts";
import { findSource, sourceUnknown } from "./sources/find-source.ts";
import { readSources } from "./sources/queries.ts";
import { deleteSource, hasCompleted, isLeased, readState } from "./sources/removal-queries.ts";

export const sourceKind: FollowerKind<ImportSource> = {
  noun: "source",
  find: findSource,
  async lock(tx, name) {
    const source = await lockSourceNamed(tx, name);
    if (source === null) throw sourceUnknown(name);
    return source;
  },
  look: lookForAudit,
  linesOf: ({ id }) => ({
    async standing(tx, line) {
      const state = await readState(tx, id, line);
      if (state === null) return "unlisted";
      return state === "complete" ? "taken" : "waiting";
    },
    waiting: (tx) => readListedLines(tx, id),
  }),
  settleSkipped: (tx, { id }, line, { now }) => skipArchive(tx, id, line, now),
  takeUpAgain: (tx, { id }, line, { now }) => unskipArchive(tx, id, line, now),
  async tryUntrustedAgain(tx, source, now) {
    const filter = { states: ["quarantined", "retry"], reasons: UNTRUSTED } as const;
    const sources = (await readSources(tx)).filter(({ supplier }) => supplier.id === source.supplier.id);
    const lines: string[] = [];
    for (const one of sources) lines.push(...(await reopenArchives(tx, one, filter, now)).map(({ line }) => line));
    return lines;
  },
  removal: {
    hasTaken: (tx, { id }) => hasCompleted(tx, id),
    isBusy: (tx, { id }, now) => isLeased(tx, id, now),
    deleteRows: (tx, { id }) => deleteSource(tx, id),
  },
};
