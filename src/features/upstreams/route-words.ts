// The words that the routes of sources and of mirrors differ in.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { nameParams } from "../../platform/http/admin/admin-schemas.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";

export interface RoutesDeps {
  readonly report: Report;
}

interface Named {
  readonly params: { readonly name: string };
}

export function wordsOf<One extends Follower>({ noun, look }: FollowerKind<One>) {
  const collection = `${noun}s`;
  return {
    tag: collection,
    /** Of one of them. */
    path: `/v1/${collection}/{name}`,
    /** In the name of an operation. */
    Noun: noun === "source" ? "Source" : "Mirror",
    unknown: `${noun}_unknown`,
    params: nameParams,
    resource: ({ params }: Named) => ({ kind: noun, name: params.name }),
    look: (database: Database, { params, now }: Named & { readonly now: UnixSeconds }) =>
      look(database, params.name, now),
  };
}
