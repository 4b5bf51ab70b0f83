// The routes that skip listed lines, take them up again and show what is skipped; of sources and mirrors alike.

import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { PAGE_DEFAULT } from "../../platform/http/admin/admin-schemas.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { type RoutesDeps, wordsOf } from "./route-words.ts";
import { skipLine, unskipLine } from "./skip-lines.ts";
import { readSkipPage } from "./skip-queries.ts";
import { newSkipSchema, newUnskipSchema, skipPageSchema, skipQuery, skipSchema, toSkipBody } from "./skip-schemas.ts";

export function skipRoutes<One extends Follower>(deps: RoutesDeps, kind: FollowerKind<One>): AdminRoute[] {
  return [listSkips(kind), skipRoute(deps, kind), unskipRoute(deps, kind)];
}

function listSkips<One extends Follower>(kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, params } = wordsOf(kind);
  return readRoute({
    tag,
    path: `${path}/skips`,
    operationId: `list${Noun}Skips`,
    summary: `The lines that a ${kind.noun} was told to skip, the last first; undone ones too`,
    role: "auditor",
    params,
    query: skipQuery,
    answer: skipPageSchema,
    codes: [unknown],
    read: async ({ db }, { params: { name }, query: { limit = PAGE_DEFAULT, after } }) => {
      const { upstreamId } = await kind.find(db, name);
      const found = await readSkipPage(db, upstreamId, after === undefined ? null : Number(after), limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(toSkipBody), next: found.length > limit && last ? String(last.id) : null };
    },
  });
}

function skipRoute<One extends Follower>({ report }: RoutesDeps, kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, ...about } = wordsOf(kind);
  return changeRoute({
    ...about,
    tag,
    method: "POST",
    path: `${path}/skips`,
    operationId: `skip${Noun}Line`,
    summary: "Skips an archive that is listed and can never be had",
    description: "Its keys are given up: the line counts as settled from now on, until the skip is undone.",
    role: "operator",
    body: newSkipSchema,
    answer: skipSchema,
    status: 201,
    codes: [unknown, "upstream_line_unknown", "upstream_line_taken", "upstream_line_skipped"],
    change: async ({ db }, { params: { name }, body, principal, now }) => {
      const skip = await skipLine(db, kind, name, body.line, body.reason, { by: principal, now });
      const { line, reason } = skip;
      report({ event: "upstream.line-skipped", level: "warn", [kind.noun]: name, line, reason });
      return toSkipBody(skip);
    },
  });
}

function unskipRoute<One extends Follower>({ report }: RoutesDeps, kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, ...about } = wordsOf(kind);
  return changeRoute({
    ...about,
    tag,
    method: "POST",
    path: `${path}/unskips`,
    operationId: `unskip${Noun}Line`,
    summary: "Takes up an archive again that was skipped",
    role: "operator",
    body: newUnskipSchema,
    answer: skipSchema,
    status: 200,
    codes: [unknown, "upstream_line_not_skipped", "upstream_ended"],
    change: async ({ db }, { params: { name }, body, principal, now }) => {
      const skip = await unskipLine(db, kind, name, body.line, { by: principal, now });
      report({ event: "upstream.line-unskipped", [kind.noun]: name, line: skip.line });
      return toSkipBody(skip);
    },
  });
}
