// Transactions that wait for each other: PostgreSQL ends one of them, which nobody hears of, since it is done again.

import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { batch, saveIn, storedKeys } from "../support/exposure-world.ts";
import { makeKey, START } from "../support/location-world.ts";
import { takePostgres } from "../support/postgres-schemas.ts";

const url = inject("postgresUrl");

function raise(id: number): (tx: Db) => Promise<void> {
  return async (tx) => void (await sql`update sample set times = times + 1 where id = ${id}`.execute(tx));
}

function saveOne(name: number): (tx: Db) => Promise<void> {
  return async (tx) => void (await saveIn(tx, { primaries: batch(makeKey(name)) }));
}

describe.skipIf(url === null)("two transactions that wait for each other", () => {
  let database: Database;
  beforeEach(async () => {
    database = await takePostgres(url ?? "");
  });
  afterEach(() => database.close());

  /** Runs both; neither takes its second step before both have taken their first. */
  async function runCrosswise(steps: readonly [Step, Step][]): Promise<{ attempts: number }> {
    const begun = steps.map(() => Promise.withResolvers<void>());
    let attempts = 0;
    await Promise.all(
      steps.map(([first, second], at) =>
        database.transaction(async (tx) => {
          attempts++;
          await first(tx);
          begun[at]?.resolve();
          await Promise.all(begun.map(({ promise }) => promise));
          await second(tx);
        }),
      ),
    );
    return { attempts };
  }

  test("are both carried out, each once", async () => {
    await sql`create table sample (id bigint primary key, times bigint not null)`.execute(database.db);
    await sql`insert into sample values (1, 0), (2, 0)`.execute(database.db);
    const { attempts } = await runCrosswise([
      [raise(1), raise(2)],
      [raise(2), raise(1)],
    ]);
    expect(attempts).toBeGreaterThan(2);
    const { rows } = await sql`select * from sample order by id`.execute(database.db);
    expect(rows).toEqual([
      { id: 1, times: 2 },
      { id: 2, times: 2 },
    ]);
  });

  test("to save the same new keys save them, each key once", async () => {
    await migrate(database, [exposuresMigrations], { now: () => START });
    const { attempts } = await runCrosswise([
      [saveOne(1), saveOne(2)],
      [saveOne(2), saveOne(1)],
    ]);
    expect(attempts).toBeGreaterThan(2);
    expect(await storedKeys(database)).toHaveLength(2);
  });

  test.each(["40P01", "40001"])("give up after some attempts where the SQLSTATE %s does not pass", async (code) => {
    let attempts = 0;
    const hopeless = database.transaction(async (tx) => {
      attempts++;
      await sql.raw(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`).execute(tx);
    });
    await expect(hopeless).rejects.toMatchObject({ code });
    expect(attempts).toBe(5);
  });

  test("are not what other failures are: those are not repeated", async () => {
    let attempts = 0;
    const failing = database.transaction(async (tx) => {
      attempts++;
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    expect(attempts).toBe(1);
  });
});

type Step = (tx: Db) => Promise<void>;
