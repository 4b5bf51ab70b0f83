// Both databases keep the promises of the Database interface.

import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../../test/support/databases.ts";
import type { Database, Db } from "./database.ts";

const insert = (db: Db, number: number) => sql`insert into sample (number) values (${number})`.execute(db);

describeOnEachDatabase("a database", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await sql`create table sample (number bigint primary key, bytes bytea)`.execute(database.db);
  });

  const numbers = async () => {
    const { rows } = await sql<{ number: number }>`select number from sample order by number`.execute(database.db);
    return rows.map((row) => row.number);
  };

  describe("values", () => {
    test("an int8 comes back as a number, alone, counted and in an array", async () => {
      const { rows } = await sql`
        select 9007199254740991::int8 as largest, -5::int8 as negative, count(*) as counted,
          array[1, null, 3]::int8[] as list, array[]::int8[] as nothing`.execute(database.db);
      expect(rows).toEqual([
        { largest: Number.MAX_SAFE_INTEGER, negative: -5, counted: 1, list: [1, null, 3], nothing: [] },
      ]);
    });

    test("an int8 that a number cannot hold is an error, and the database stays usable", async () => {
      await expect(sql`select 9007199254740993::int8 as x`.execute(database.db)).rejects.toThrow(
        "beyond the exact range",
      );
      expect(await numbers()).toEqual([]);
    });

    test("bytes come back as they were given, also from a view in the middle of a buffer", async () => {
      const whole = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
      for (const given of [
        whole,
        whole.subarray(7, 90_007),
        whole.subarray(5, 9),
        new Uint8Array(0),
        Buffer.from("ab"),
      ]) {
        const { rows } = await sql<{ bytes: Uint8Array }>`select ${given}::bytea as bytes`.execute(database.db);
        expect(rows[0]?.bytes).toBeInstanceOf(Uint8Array);
        expect(rows[0]?.bytes).toEqual(new Uint8Array(given));
      }
      expect(whole.length).toBe(100_000);
    });

    test("bytes in an array come back as byte arrays", async () => {
      const { rows } = await sql`select array['\\x00ff'::bytea, null, ''::bytea] as list`.execute(database.db);
      expect(rows).toEqual([{ list: [new Uint8Array([0, 255]), null, new Uint8Array(0)] }]);
    });

    test("lists are taken as array parameters", async () => {
      const bytes = [new Uint8Array([0, 255]), new Uint8Array([92, 34])];
      const names = ['say "hi"', "a,b", "\\x"];
      const { rows } = await sql`
        select ${bytes}::bytea[] as bytes, ${names}::text[] as names, 2 = any(${[1, 2]}::bigint[]) as found`.execute(
        database.db,
      );
      expect(rows).toEqual([{ bytes, names, found: true }]);
    });

    test("an insert says how many rows it touched", async () => {
      const result = await sql`insert into sample (number) values (1), (2)`.execute(database.db);
      expect(result.numAffectedRows).toBe(2n);
    });

    test("a refused statement says its SQLSTATE and constraint", async () => {
      await insert(database.db, 1);
      await expect(insert(database.db, 1)).rejects.toMatchObject({ code: "23505", constraint: "sample_pkey" });
    });
  });

  describe("a transaction", () => {
    test("is kept when its work resolves", async () => {
      const answer = await database.transaction(async (tx) => {
        await insert(tx, 1);
        return "done";
      });
      expect(answer).toBe("done");
      expect(await numbers()).toEqual([1]);
    });

    test("leaves nothing when its work rejects", async () => {
      const failing = database.transaction(async (tx) => {
        await insert(tx, 1);
        throw new Error("changed my mind");
      });
      await expect(failing).rejects.toThrow("changed my mind");
      expect(await numbers()).toEqual([]);
    });

    test("does not pretend to be kept after a failed statement that nobody passed on", async () => {
      const swallowing = database.transaction(async (tx) => {
        await insert(tx, 1);
        await insert(tx, 1).catch(() => {});
      });
      await expect(swallowing).rejects.toThrow("rolled back");
      expect(await numbers()).toEqual([]);
    });

    test("is alone on its session while many others and single statements run", async () => {
      const work = Array.from({ length: 20 }, (_, index) =>
        index % 4 === 0
          ? insert(database.db, index)
          : database.transaction(async (tx) => {
              await insert(tx, index);
              await insert(tx, index + 100);
              if (index % 4 === 1) throw new Error("rolled back");
            }),
      );
      const outcomes = await Promise.allSettled(work);
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(5);
      const kept = Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 4 !== 1);
      const pairs = kept.filter((index) => index % 4 !== 0).map((index) => index + 100);
      expect(await numbers()).toEqual([...kept, ...pairs]);
    });

    test("refuses the outer handle and a second transaction inside, instead of waiting for ever", async () => {
      const nested = { code: "database_nested_transaction" };
      await expect(database.transaction(() => insert(database.db, 1))).rejects.toMatchObject(nested);
      await expect(database.transaction(() => database.transaction((inner) => insert(inner, 1)))).rejects.toMatchObject(
        nested,
      );
      expect(await numbers()).toEqual([]);
    });

    test("lets what it started use the database once it has ended", async () => {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      let later: Promise<unknown> = Promise.resolve();
      await database.transaction(async () => {
        later = ended.then(() => insert(database.db, 1));
      });
      end();
      await later;
      expect(await numbers()).toEqual([1]);
    });

    test("may be used together with another database", async () => {
      const other = await open();
      await database.transaction(async (tx) => {
        await insert(tx, 1);
        await other.transaction((otherTx) => sql`select 1`.execute(otherTx));
      });
      expect(await numbers()).toEqual([1]);
    });
  });

  test("opens empty, whatever was in the one closed before", async () => {
    await database.close();
    const next = await open();
    await expect(sql`select 1 from sample`.execute(next.db)).rejects.toMatchObject({ code: "42P01" });
  });
});
