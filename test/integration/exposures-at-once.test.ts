// Who may change a key, also when two want to at the same moment: one revision in its life, and only by its own origin.

import { describe, expect, inject, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import type { KeyOrigin } from "../../src/features/exposures/exposure-types.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { batch, STATE, save, saveIn, storedKeys } from "../support/exposure-world.ts";
import { makeKey, START } from "../support/location-world.ts";
import { takePostgres } from "../support/postgres-schemas.ts";
import { pausingBeforeCommit, untilBlockedOrDone } from "../support/transaction-faults.ts";

const { confirmed, likely, revoked } = ReportType;
const original = { ...makeKey(1), reportType: likely };
/** A supplier that can have found the keys in what was exported here. */
const publishedFrom = () => START + DAY;
const url = inject("postgresUrl");

describe.skipIf(url === null)("two revisions of a key at the same moment", () => {
  test("are judged one after the other: the second finds that it is revised already", async () => {
    const database = await takePostgres(url ?? "");
    try {
      await migrate(database, [exposuresMigrations], { now: () => START });
      const upload = { origin: { kind: "upload" }, rightTo: () => "owner" as const } as const;
      await save(database, { ...upload, primaries: batch(original) });
      const revise = (by: typeof database, reportType: ReportType) =>
        by.transaction((tx) => saveIn(tx, { ...upload, revised: batch({ ...original, reportType }) }));
      const first = pausingBeforeCommit(database, 0);
      const confirming = revise(first.database, confirmed);
      await first.paused;
      const revoking = revise(database, revoked);
      await untilBlockedOrDone(database, revoking);
      first.goOn();
      expect((await confirming).counts).toMatchObject({ revised: 1 });
      expect((await revoking).counts).toMatchObject({ already_revised: 1 });
      expect((await storedKeys(database)).map(({ reportType }) => reportType)).toEqual([confirmed]);
    } finally {
      await database.close();
    }
  });
});

describeOnEachDatabase("a revision of another origin", (open) => {
  const others: KeyOrigin[] = [
    { kind: "test" },
    { kind: "upload" },
    { kind: "federation", supplierId: 3 },
    { kind: "import", supplierId: 2 },
  ];

  test.each(others)("%j changes nothing that a source brought, nor what waits for it", async (origin) => {
    const database = await open([exposuresMigrations]);
    const revised = batch({ ...original, reportType: revoked });
    await save(database, { origin, revised: batch({ ...makeKey(2), reportType: revoked }) });
    await save(database, { origin: STATE, primaries: batch(original, { ...makeKey(2), reportType: likely }) });
    expect((await save(database, { origin, revised, publishedFrom })).counts).toMatchObject({ other_source: 1 });
    expect((await storedKeys(database)).map(({ reportType }) => reportType)).toEqual([likely, likely]);
    expect((await save(database, { origin: STATE, revised })).counts).toMatchObject({ revised: 1 });
  });
});
