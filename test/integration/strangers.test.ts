// A stranger who uploads public keys of others, before and after the import, here and at the server that is imported.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { raiseHorizon } from "../../src/features/exposures/horizon-queries.ts";
import type { SentRequest } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { handOverTokenKeys } from "../support/hand-over-token-keys.ts";
import { keysOf, makePublishWorld, type PublishWorld, storedOf } from "../support/publish-world.ts";

const { confirmed, likely, revoked } = ReportType;
const STATE = 7;

function upload(world: PublishWorld, request: SentRequest, reportType: string, revisionToken?: string) {
  world.clock.advance(1);
  return world.upload(request, { claims: { reportType }, members: { revisionToken } });
}

/** All windows up to now are exported; the next hour begins. */
async function exportAll({ clock, database }: PublishWorld): Promise<void> {
  clock.advance(HOUR);
  await raiseHorizon(database.db, Math.floor(clock.now() / HOUR) * HOUR);
}

/** What the state brings, in an archive from before all that the nation exported, or from after it. */
async function deliver(
  { database, exposures, clock }: PublishWorld,
  request: SentRequest,
  list: "primaries" | "revised",
  { reportType, from = "before" }: { reportType: ReportType; from?: "before" | "after" },
): Promise<Record<string, number>> {
  const keys = request.keys.map(({ key, rollingStartNumber }) => ({
    keyData: Uint8Array.fromBase64(key),
    rollingStart: rollingStartNumber,
    rollingPeriod: 144,
    transmissionRisk: 2,
    reportType,
    daysSinceOnset: null,
  }));
  const now = clock.now();
  const { counts } = await database.transaction((tx) =>
    exposures.save(tx, {
      origin: { kind: "import", supplierId: STATE },
      regions: ["US-CA"],
      traveler: false,
      now,
      primaries: KeyBatch.empty,
      revised: KeyBatch.empty,
      publishedFrom: () => (from === "before" ? 0 : now + DAY),
      [list]: KeyBatch.from(keys),
    }),
  );
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

async function inForce({ database }: PublishWorld, request: SentRequest): Promise<(number | null)[]> {
  return (await storedOf(database, request)).map((row) => row.revised_report_type ?? row.report_type);
}

describeOnEachDatabase("a stranger with the state's public keys", (open) => {
  const make = () => makePublishWorld(open);

  test.each([
    ["before anything was exported", false],
    ["and sees them exported", true],
  ])(
    "who uploads them before the import, %s, withdraws nothing; the state's word counts",
    async (_when, isExported) => {
      for (const [reportType, name] of [
        [confirmed, "confirmed"],
        [revoked, "negative"],
      ] as const) {
        const nation = await make();
        const keys = keysOf(2);
        const { revisionToken } = (await upload(nation, keys, "likely")).body;
        if (isExported) await exportAll(nation);
        expect(await deliver(nation, keys, "primaries", { reportType: likely })).toEqual({ claimed: 2 });
        const attack = await upload(nation, keys, "negative", revisionToken);
        expect([attack.status, attack.body.code]).toEqual([400, "invalid_revision_token"]);
        expect(await inForce(nation, keys)).toEqual([likely, likely]);
        expect(await deliver(nation, keys, "revised", { reportType })).toEqual({ revised: 2 });
        expect(await inForce(nation, keys), name).toEqual([reportType, reportType]);
      }
    },
  );

  test("cannot stop the state's withdrawal by confirming them first", async () => {
    const nation = await make();
    const keys = keysOf(1);
    const { revisionToken } = (await upload(nation, keys, "likely")).body;
    await exportAll(nation);
    await deliver(nation, keys, "primaries", { reportType: likely });
    expect((await upload(nation, keys, "confirmed", revisionToken)).status).toBe(200);
    expect(await deliver(nation, keys, "revised", { reportType: revoked })).toEqual({ revised: 1 });
    expect(await inForce(nation, keys)).toEqual([revoked]);
  });

  test("who has withdrawn them, or cut their interval, is undone while nobody has seen it; regions come together", async () => {
    const nation = await make();
    const [withdrawn, cut] = [keysOf(1), keysOf(1)];
    const { revisionToken } = (await upload(nation, withdrawn, "likely")).body;
    expect((await upload(nation, withdrawn, "negative", revisionToken)).status).toBe(200);
    await upload(nation, { ...cut, keys: cut.keys.map((key) => ({ ...key, rollingPeriod: 1 })) }, "likely");
    for (const keys of [withdrawn, cut]) await deliver(nation, keys, "primaries", { reportType: likely });
    const rows = [...(await storedOf(nation.database, withdrawn)), ...(await storedOf(nation.database, cut))];
    const restored = { report_type: likely, revised_at: null, rolling_period: 144, regions: ["US-CA", "US-WA"] };
    expect(rows).toMatchObject([restored, restored]);
  });

  test("who repeats them after the import gets no token, and changes nothing", async () => {
    const nation = await make();
    const keys = keysOf(2);
    await deliver(nation, keys, "primaries", { reportType: likely });
    const again = await upload(nation, keys, "likely");
    expect([again.status, again.body.revisionToken]).toEqual([200, undefined]);
    expect((await upload(nation, keys, "negative")).body.code).toBe("missing_revision_token");
    expect(await inForce(nation, keys)).toEqual([likely, likely]);
  });

  test("is undone also where the state's withdrawal came before its original", async () => {
    const nation = await make();
    const keys = keysOf(1);
    expect(await deliver(nation, keys, "revised", { reportType: revoked })).toEqual({ awaiting: 1 });
    const { revisionToken } = (await upload(nation, keys, "likely")).body;
    expect(await inForce(nation, keys)).toEqual([revoked]);
    expect((await upload(nation, keys, "confirmed", revisionToken)).status).toBe(400);
  });
});

describeOnEachDatabase("the nation's own exported keys", (open) => {
  test("stay their uploader's when a server repeats them, whose withdrawal is kept and does nothing", async () => {
    const nation = await makePublishWorld(open);
    const keys = keysOf(1);
    const { revisionToken } = (await upload(nation, keys, "likely")).body;
    await exportAll(nation);
    expect(await deliver(nation, keys, "primaries", { reportType: likely, from: "after" })).toEqual({ unchanged: 1 });
    expect(await deliver(nation, keys, "revised", { reportType: revoked, from: "after" })).toEqual({ other_source: 1 });
    expect(await inForce(nation, keys)).toEqual([likely]);
    expect((await upload(nation, keys, "negative", revisionToken)).status).toBe(200);
    expect(await inForce(nation, keys)).toEqual([revoked]);
    // What comes back once more is an earlier state.
    expect(await deliver(nation, keys, "primaries", { reportType: likely, from: "after" })).toEqual({ unchanged: 1 });
  });

  test("are not withdrawn with a token that the state gave a stranger who uploaded them there", async () => {
    const [nation, state] = [await makePublishWorld(open), await makePublishWorld(open)];
    await handOverTokenKeys(state, nation);
    const keys = keysOf(1);
    await upload(nation, keys, "likely");
    await exportAll(nation);
    const { revisionToken } = (await upload(state, keys, "likely")).body;
    const attack = await upload(nation, keys, "negative", revisionToken);
    expect([attack.status, attack.body.code]).toEqual([400, "invalid_revision_token"]);
    expect(await inForce(nation, keys)).toEqual([likely]);
  });
});
