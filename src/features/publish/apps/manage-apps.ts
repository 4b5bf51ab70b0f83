// Making, changing and deleting apps, each together with the revision that tells all processes.

import { CodedError } from "../../../core/coded-error.ts";
import type { Database } from "../../../platform/database/database.ts";
import type { AuthorizedApp } from "../publish-types.ts";
import { deleteApp, insertApp, raiseAppRevision, readApp, updateApp } from "./queries.ts";

export type AppErrorCode = "app_exists" | "app_unknown" | "app_invalid";

/** Names are kept in lower case, regions in upper case. Throws `app_invalid`, `app_exists`. */
export async function createApp(database: Database, wanted: AuthorizedApp): Promise<AuthorizedApp> {
  const app = normalise(wanted);
  await database.transaction(async (tx) => {
    if (!(await insertApp(tx, app))) {
      throw new CodedError<AppErrorCode>("app_exists", `there is an app "${app.name}" already`);
    }
    await raiseAppRevision(tx);
  });
  return app;
}

/** Throws `app_unknown`, `app_invalid`. */
export async function changeApp(
  database: Database,
  name: string,
  changes: Partial<Omit<AuthorizedApp, "name">>,
): Promise<AuthorizedApp> {
  return database.transaction(async (tx) => {
    const app = normalise({ ...(await requireApp(tx, name)), ...changes });
    await updateApp(tx, app);
    await raiseAppRevision(tx);
    return app;
  });
}

/** Throws `app_unknown`. */
export async function removeApp(database: Database, name: string): Promise<AuthorizedApp> {
  return database.transaction(async (tx) => {
    const app = await requireApp(tx, name);
    await deleteApp(tx, app.name);
    await raiseAppRevision(tx);
    return app;
  });
}

export async function requireApp(db: Database["db"], name: string): Promise<AuthorizedApp> {
  const app = await readApp(db, name.toLowerCase());
  if (app !== null) return app;
  throw new CodedError<AppErrorCode>("app_unknown", `there is no app "${name}"`);
}

function normalise(app: AuthorizedApp): AuthorizedApp {
  const name = app.name.toLowerCase();
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name)) {
    throw invalid("its name is of letters, digits, dots, dashes and underscores");
  }
  const regions = [...new Set(app.regions.map((region) => region.toUpperCase()))].sort();
  if (regions.length === 0) throw invalid("its keys would belong to no region");
  if (!regions.every((region) => /^[A-Z0-9-]{1,5}$/.test(region))) {
    throw invalid("a region is of one to five letters, digits or dashes");
  }
  const authorityIds = [...new Set(app.authorityIds)].sort((left, right) => left - right);
  if (authorityIds.length === 0 && !app.bypassCertificate) {
    throw invalid("nobody's certificates would be taken, so that nobody could upload");
  }
  return { ...app, name, regions, authorityIds };
}

function invalid(why: string): CodedError<AppErrorCode> {
  return new CodedError("app_invalid", `the app is not possible: ${why}`);
}
