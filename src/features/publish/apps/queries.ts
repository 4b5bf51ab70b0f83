// All SQL on authorized_app and app_revision.

import { sql } from "kysely";
import type { Db } from "../../../platform/database/database.ts";
import type { AuthorizedApp } from "../publish-types.ts";

type AppTables = {
  authorized_app: {
    name: string;
    regions: string[];
    authority_ids: number[];
    bypass_certificate: boolean;
    bypass_revision_token: boolean;
  };
};

const apps = (db: Db) => db.withTables<AppTables>();

export async function readApps(db: Db): Promise<AuthorizedApp[]> {
  const rows = await apps(db).selectFrom("authorized_app").selectAll().orderBy("name").execute();
  return rows.map((row) => ({
    name: row.name,
    regions: row.regions,
    authorityIds: row.authority_ids,
    bypassCertificate: row.bypass_certificate,
    bypassRevisionToken: row.bypass_revision_token,
  }));
}

export async function readApp(db: Db, name: string): Promise<AuthorizedApp | null> {
  return (await readApps(db)).find((app) => app.name === name) ?? null;
}

/** False when there is one of this name. */
export async function insertApp(tx: Db, app: AuthorizedApp): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await apps(tx)
    .insertInto("authorized_app")
    .values({
      name: app.name,
      regions: [...app.regions],
      authority_ids: [...app.authorityIds],
      bypass_certificate: app.bypassCertificate,
      bypass_revision_token: app.bypassRevisionToken,
    })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function updateApp(tx: Db, app: AuthorizedApp): Promise<void> {
  await apps(tx)
    .updateTable("authorized_app")
    .set({
      regions: [...app.regions],
      authority_ids: [...app.authorityIds],
      bypass_certificate: app.bypassCertificate,
      bypass_revision_token: app.bypassRevisionToken,
    })
    .where("name", "=", app.name)
    .execute();
}

/** False when there is none. */
export async function deleteApp(tx: Db, name: string): Promise<boolean> {
  const { numDeletedRows } = await apps(tx).deleteFrom("authorized_app").where("name", "=", name).executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function raiseAppRevision(tx: Db): Promise<void> {
  await sql`update app_revision set revision = revision + 1`.execute(tx);
}

export async function readAppRevision(db: Db): Promise<number> {
  const { rows } = await sql<{ revision: number }>`select revision from app_revision`.execute(db);
  return rows[0]?.revision ?? 0;
}
