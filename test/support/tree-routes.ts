// A little feature for tests of the admin server: trees that are planted, grow, and refuse to.

import { sql } from "kysely";
import { Type } from "typebox";
import { CodedError } from "../../src/core/coded-error.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../src/platform/http/admin/admin-route.ts";
import {
  CLOSED,
  cutPage,
  nameParams,
  nothing,
  pageOf,
  pageQuery,
} from "../../src/platform/http/admin/admin-schemas.ts";

interface Tree {
  readonly name: string;
  readonly height: number;
  readonly note: string | null;
}

const name = Type.String({ minLength: 1, maxLength: 100 });
const note = Type.Union([Type.String({ maxLength: 300_000 }), Type.Null()]);
const treeSchema = Type.Object({ name, height: Type.Integer(), note }, { ...CLOSED, title: "Tree" });
const newTreeSchema = Type.Object({ name, note: Type.Optional(note) }, { ...CLOSED, title: "NewTree" });

export async function createTreeTable(database: Database): Promise<void> {
  await sql`create table tree (name text primary key, height bigint not null, note text)`.execute(database.db);
}

/** What `failTree` throws, by the name of the tree. */
export type Failure = (name: string) => Error;

export function treeRoutes(failure: Failure = () => new Error("no reason")): AdminRoute[] {
  return [listTrees, showTree, plantTree, growTree, failTree(failure)];
}

const words = { tag: "trees", role: "auditor", codes: ["mirror_unknown"], params: nameParams } as const;
const resourceOf = (tree: string) => ({ kind: "tree", name: tree });

const listTrees = readRoute({
  ...words,
  path: "/v1/trees",
  operationId: "listTrees",
  summary: "All trees",
  params: nothing,
  query: pageQuery,
  answer: pageOf(treeSchema),
  read: async (database, { query }) => {
    const { rows } = await sql<Tree>`select name, height, note from tree order by name`.execute(database.db);
    return cutPage(rows, query, (tree) => tree.name);
  },
});

const showTree = readRoute({
  ...words,
  path: "/v1/trees/{name}",
  operationId: "showTree",
  summary: "One tree",
  query: nothing,
  answer: treeSchema,
  resource: ({ params }) => resourceOf(params.name),
  read: (database, { params }) => findTree(database.db, params.name),
});

const plantTree = changeRoute({
  ...words,
  method: "POST",
  path: "/v1/trees",
  operationId: "plantTree",
  summary: "Plants a tree",
  role: "operator",
  codes: ["mirror_exists"],
  params: nothing,
  body: newTreeSchema,
  answer: treeSchema,
  status: 201,
  resource: ({ body }) => resourceOf(body.name),
  look: (database, { body }) => lookAt(database.db, body.name),
  change: async (database, { body }) => {
    if ((await lookAt(database.db, body.name)) !== null) throw new CodedError("mirror_exists", "it grows already");
    await sql`insert into tree values (${body.name}, 0, ${body.note ?? null}::text)`.execute(database.db);
    return findTree(database.db, body.name);
  },
});

/** Reads, adds and writes, so that two at once would lose one if they were not kept apart. */
const growTree = changeRoute({
  ...words,
  method: "PATCH",
  path: "/v1/trees/{name}",
  operationId: "growTree",
  summary: "Makes a tree higher",
  role: "operator",
  body: Type.Object({ by: Type.Integer({ minimum: 1, maximum: 100 }) }, CLOSED),
  answer: treeSchema,
  status: 200,
  resource: ({ params }) => resourceOf(params.name),
  look: (database, { params }) => lookAt(database.db, params.name),
  change: (database, { params, body }) =>
    database.transaction(async (tx) => {
      const { height } = await findTree(tx, params.name);
      await sql`update tree set height = ${height + body.by} where name = ${params.name}`.execute(tx);
      return findTree(tx, params.name);
    }),
});

function failTree(failure: Failure): AdminRoute {
  return changeRoute({
    ...words,
    method: "DELETE",
    path: "/v1/trees/{name}",
    operationId: "failTree",
    summary: "Fells a tree, and fails",
    role: "administrator",
    body: nothing,
    answer: treeSchema,
    status: 200,
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => lookAt(database.db, params.name),
    change: async (database, { params }) => {
      await sql`delete from tree where name = ${params.name}`.execute(database.db);
      throw failure(params.name);
    },
  });
}

async function lookAt(db: Db, tree: string): Promise<Tree | null> {
  const { rows } = await sql<Tree>`select name, height, note from tree where name = ${tree}`.execute(db);
  return rows[0] ?? null;
}

async function findTree(db: Db, tree: string): Promise<Tree> {
  const found = await lookAt(db, tree);
  if (found === null) throw new CodedError("mirror_unknown", `no tree is called "${tree}"`);
  return found;
}
