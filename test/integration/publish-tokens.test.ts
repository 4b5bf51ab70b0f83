// Revising uploads: who may, how often, and who gets a token for what.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { KeyOrigin } from "../../src/features/exposures/exposure-types.ts";
import type { SentRequest } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { handOverTokenKeys } from "../support/hand-over-token-keys.ts";
import {
  keysOf,
  makePublishWorld,
  NOW,
  type PublishAnswer,
  type PublishWorld,
  storedOf,
} from "../support/publish-world.ts";

/** Keys of the request come from elsewhere first, as likely ones. */
async function bring(world: PublishWorld, request: SentRequest, origin: KeyOrigin, rollingPeriod = 144): Promise<void> {
  const keys = request.keys.map(({ key, rollingStartNumber }) => ({
    keyData: Uint8Array.fromBase64(key),
    rollingStart: rollingStartNumber,
    rollingPeriod,
    transmissionRisk: null,
    reportType: 2 as const,
    daysSinceOnset: null,
  }));
  const save = { origin, regions: ["US"], traveler: false, now: NOW, revised: KeyBatch.empty };
  await world.database.transaction((tx) => world.exposures.save(tx, { ...save, primaries: KeyBatch.from(keys) }));
}

function merge(...requests: readonly SentRequest[]): SentRequest {
  const [first] = requests;
  if (first === undefined) throw new Error("one is needed");
  return { ...first, keys: requests.flatMap(({ keys }) => keys) };
}

/** Uploads the keys as of a type, with a token or without, a second after what came before. */
async function send(world: PublishWorld, request: SentRequest, reportType: string, revisionToken?: string) {
  world.clock.advance(1);
  return world.upload(request, { claims: { reportType }, members: { revisionToken } });
}

/** Status and code, and how many keys were inserted. */
function outcome({ status, body }: PublishAnswer) {
  return [status, body.code, body.insertedExposures];
}

describeOnEachDatabase("a revision", (open) => {
  const make = () => makePublishWorld(open);

  test("is made with the token of the upload, once in a key's life, and is counted", async () => {
    const world = await make();
    const request = keysOf();
    const { revisionToken } = (await send(world, request, "likely")).body;
    const revised = await send(world, request, "confirmed", revisionToken);
    expect(outcome(revised)).toEqual([200, undefined, undefined]);
    expect(await storedOf(world.database, request)).toMatchObject(
      request.keys.map(() => ({ report_type: 2, revised_report_type: 1, revised_transmission_risk: 2 })),
    );
    expect(outcome(await send(world, request, "confirmed", revised.body.revisionToken))).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(outcome(await send(world, request, "negative", revised.body.revisionToken))).toEqual([
      400,
      "key_already_revised",
      undefined,
    ]);
    for (let count = 0; count < 8; count++) await world.upload(keysOf(1));
    const [day] = await world.stats.readDays(1, NOW + HOUR);
    expect(day).toMatchObject({ keys: 14, revisions: 1 });
  });

  test.each([
    ["likely", "negative", [200, undefined, undefined]],
    ["user-report", "confirmed", [200, undefined, undefined]],
    ["user-report", "likely", [200, undefined, undefined]],
    ["user-report", "negative", [200, undefined, undefined]],
    ["confirmed", "likely", [400, "invalid_report_type_transition", undefined]],
    ["confirmed", "negative", [400, "invalid_report_type_transition", undefined]],
    ["likely", "user-report", [400, "invalid_report_type_transition", undefined]],
  ])("from %s to %s is answered as KS 5.5 says", async (from, to, expected) => {
    const world = await make();
    const request = keysOf();
    const { revisionToken } = (await send(world, request, from)).body;
    expect(outcome(await send(world, request, to, revisionToken))).toEqual(expected);
  });

  test("is refused without a token, with one of other keys, with one that is none, and stores nothing of it", async () => {
    const world = await make();
    const [mine, other] = [keysOf(), keysOf()];
    await send(world, mine, "likely");
    const { revisionToken } = (await send(world, other, "likely")).body;
    const both = merge(mine, { ...keysOf(1), keys: keysOf(1).keys });
    expect(outcome(await send(world, both, "confirmed"))).toEqual([400, "missing_revision_token", undefined]);
    expect(outcome(await send(world, both, "confirmed", "not base64!"))).toEqual([
      400,
      "missing_revision_token",
      undefined,
    ]);
    expect(outcome(await send(world, both, "confirmed", revisionToken))).toEqual([
      400,
      "invalid_revision_token",
      undefined,
    ]);
    expect(outcome(await send(world, both, "confirmed", "AAAA"))).toEqual([400, "invalid_revision_token", undefined]);
    const rows = await storedOf(world.database, both);
    expect(rows.map((row) => row.revised_at)).toEqual([null, null, null]);
  });

  test("is made of all uploads whose token the phone carried along", async () => {
    const world = await make();
    const [monday, tuesday] = [keysOf(2), keysOf(2)];
    const first = (await send(world, monday, "likely")).body.revisionToken;
    const second = (await send(world, tuesday, "likely", first)).body.revisionToken;
    expect(second).toHaveLength(first?.length ?? 0);
    expect(outcome(await send(world, merge(monday, tuesday), "negative", second))).toEqual([200, undefined, undefined]);
    const rows = await storedOf(world.database, merge(monday, tuesday));
    expect(rows.map((row) => row.revised_report_type)).toEqual([5, 5, 5, 5]);
  });

  test("forgets keys that have become too old, and goes on with the others", async () => {
    const world = await make();
    const old = (await send(world, keysOf(1), "likely")).body.revisionToken;
    world.clock.advance(14 * DAY);
    const lasting = keysOf(1);
    const young = {
      ...lasting,
      keys: lasting.keys.map((key) => ({ ...key, rollingStartNumber: NOW / 600 + 12 * 144 })),
    };
    const { revisionToken = "" } = (await send(world, young, "likely", old)).body;
    world.clock.advance(2 * DAY);
    const later = {
      ...young,
      keys: young.keys.map((key) => ({ ...key, key: Buffer.alloc(16, 7).toString("base64") })),
    };
    const last = (await send(world, later, "likely", revisionToken)).body.revisionToken ?? "";
    const opened = await world.revision.openToken(Buffer.from(last, "base64"), world.clock.now());
    expect(opened?.entries).toHaveLength(2);
  });

  test("needs no token where the app is free of them, not even a good one", async () => {
    const world = await make();
    await world.addApp({ name: "org.free", bypassRevisionToken: true });
    const request = keysOf();
    await send(world, request, "likely");
    const free = { healthAuthorityID: "org.free", revisionToken: "AAAA" };
    const answer = await world.upload(request, { claims: { reportType: "confirmed" }, members: free });
    expect(outcome(answer)).toEqual([200, undefined, undefined]);
    expect(await storedOf(world.database, request)).toMatchObject([{ revised_report_type: 1 }, {}, {}]);
  });

  test("P13: a withdrawal of keys that nobody has stores nothing, says so, and gives no right to them", async () => {
    const world = await make();
    const [known, unknown] = [keysOf(1), keysOf(1)];
    const { revisionToken } = (await send(world, known, "likely")).body;
    const answer = await send(world, merge(known, unknown), "negative", revisionToken);
    expect(outcome(answer)).toEqual([200, undefined, undefined]);
    expect(answer.body.warnings).toEqual(["not stored, so not to be withdrawn: 1"]);
    expect(await storedOf(world.database, unknown)).toEqual([]);
    await send(world, unknown, "likely");
    const again = await send(world, unknown, "negative", answer.body.revisionToken);
    expect(outcome(again)).toEqual([400, "invalid_revision_token", undefined]);
  });
});

describeOnEachDatabase("an upload again", (open) => {
  const make = () => makePublishWorld(open);

  test("P1: succeeds without its token; under the same certificate it gets one that revises, else none", async () => {
    const world = await make();
    const request = keysOf();
    const likely = { reportType: "likely" };
    const same = { members: { verificationPayload: world.authority.certify(request, NOW, likely) } };
    expect(outcome(await world.upload(request, same))).toEqual([200, undefined, 3]);
    world.clock.advance(60);
    const again = await world.upload(request, same);
    expect(outcome(again)).toEqual([200, undefined, undefined]);
    const other = await world.upload(request, { claims: likely });
    expect([...outcome(other), other.body.revisionToken]).toEqual([200, undefined, undefined, undefined]);
    const negative = { claims: { reportType: "negative" }, members: { revisionToken: again.body.revisionToken } };
    expect(outcome(await world.upload(request, negative))).toEqual([200, undefined, undefined]);
    expect(await storedOf(world.database, request)).toMatchObject([{ revised_report_type: 5 }, {}, {}]);
  });

  test("stores what is new in it", async () => {
    const world = await make();
    const [first, more] = [keysOf(2), keysOf(2)];
    await world.upload(first);
    world.clock.advance(1);
    expect(outcome(await world.upload(merge(first, more)))).toEqual([200, undefined, 2]);
  });

  test("another interval for a stored key is refused (KS P2)", async () => {
    const world = await make();
    const request = keysOf(1);
    await world.upload(request);
    const changed = { ...request, keys: request.keys.map((key) => ({ ...key, rollingPeriod: 100 })) };
    expect(outcome(await world.upload(changed))).toEqual([400, "bad_request", undefined]);
  });

  test("KS 13.8: whoever uploads strangers' keys never gets a token that revises them", async () => {
    const world = await make();
    const victims = keysOf(3);
    await world.upload(victims, { claims: { reportType: "likely" } });
    world.clock.advance(10);
    const own = keysOf(2);
    const mixed = merge(own, victims);
    const likely = { claims: { reportType: "likely" } };
    const certificate = { verificationPayload: world.authority.certify(mixed, NOW + 10, likely.claims) };
    const tokens: string[] = [];
    const note = ({ body }: PublishAnswer) => void tokens.push(body.revisionToken ?? "");
    // Alone; with own keys; again under the same certificate; with the token of before; of own keys first.
    note(await world.upload(victims, likely));
    note(await world.upload(mixed, { members: certificate }));
    note(await world.upload(mixed, { members: certificate }));
    note(await world.upload(mixed, { members: { ...certificate, revisionToken: tokens[1] } }));
    world.clock.advance(1);
    note(await world.upload(victims, { ...likely, members: { revisionToken: tokens[1] } }));
    world.clock.advance(1);
    note(await world.upload(victims, { claims: { reportType: "negative" }, members: { revisionToken: tokens[1] } }));
    expect(tokens[0]).toBe("");
    for (const revisionToken of tokens) {
      world.clock.advance(1);
      const attack = { claims: { reportType: "negative" }, members: { revisionToken } };
      const { status, body } = await world.upload(victims, attack);
      expect([status, body.code]).toEqual([
        400,
        revisionToken === "" ? "missing_revision_token" : "invalid_revision_token",
      ]);
    }
    const rows = await storedOf(world.database, victims);
    expect(rows.map((row) => row.revised_at)).toEqual([null, null, null]);
    // The tokens are good for what was the attacker's own.
    world.clock.advance(1);
    const withdrawal = { claims: { reportType: "negative" }, members: { revisionToken: tokens[2] } };
    expect(outcome(await world.upload(own, withdrawal))).toEqual([200, undefined, undefined]);
  });
});

describeOnEachDatabase("keys that came first by another way", (open) => {
  const make = () => makePublishWorld(open);

  test.each<[string, KeyOrigin, number]>([
    ["import", { kind: "import", supplierId: 3 }, 144],
    ["federation", { kind: "federation", supplierId: 3 }, 144],
    ["import with another interval", { kind: "import", supplierId: 3 }, 100],
  ])(
    "P6: by %s are taken from their owner, and a revision without the right to it is refused whole",
    async (_how, origin, rollingPeriod) => {
      const world = await make();
      const [first, own] = [keysOf(2), keysOf(2)];
      await bring(world, first, origin, rollingPeriod);
      const answer = await send(world, merge(first, own), "likely");
      expect(outcome(answer)).toEqual([200, undefined, 2]);
      for (const revisionToken of [answer.body.revisionToken, undefined]) {
        for (const reportType of ["negative", "confirmed"]) {
          // All or nothing: what is the phone's own stays as it is too.
          const refused = await send(world, merge(first, own), reportType, revisionToken);
          const code = revisionToken === undefined ? "missing_revision_token" : "invalid_revision_token";
          expect(outcome(refused)).toEqual([400, code, undefined]);
        }
      }
      expect(await storedOf(world.database, merge(first, own))).toMatchObject([
        { origin: origin.kind, report_type: 2, revised_at: null },
        { origin: origin.kind, revised_at: null },
        { origin: "upload", revised_at: null },
        { origin: "upload", revised_at: null },
      ]);
    },
  );

  test("are told of, logged and counted where an upload of them has no effect", async () => {
    const world = await make();
    const [first, unknown] = [keysOf(2), keysOf(1)];
    await bring(world, first, { kind: "import", supplierId: 3 });
    const answer = await send(world, merge(first, { ...first, keys: first.keys.slice(0, 1) }), "likely");
    expect(outcome(answer)).toEqual([200, undefined, undefined]);
    expect(answer.body.warnings).toEqual([
      "stored already with other values, which stay: 2",
      "sent more than once, so the last counts: 1",
    ]);
    const withdrawal = await send(world, unknown, "negative");
    expect(withdrawal.body.warnings).toEqual(["not stored, so not to be withdrawn: 1"]);
    const stored = world.events.filter(({ event }) => event === "publish.stored");
    const none = { inserted: 0, revised: 0, dropped: 0, repeated: 0, kept: 0, withdrawnUnknown: 0, doubled: 0 };
    expect(stored).toMatchObject([
      { ...none, level: "warn", kept: 2, doubled: 1 },
      { ...none, level: "warn", withdrawnUnknown: 1 },
    ]);
  });

  test("a person who uploaded at the state revises at the nation what the import has not brought so far", async () => {
    const [state, nation] = [await make(), await make()];
    await handOverTokenKeys(state, nation);
    const [kept, withdrawn] = [keysOf(2), keysOf(2)];
    const fromState = (await send(state, merge(kept, withdrawn), "likely")).body.revisionToken;
    // The keys enter here first, by the word of the state.
    const atNation = await send(nation, kept, "likely", fromState);
    expect(outcome(atNation)).toEqual([200, undefined, 2]);
    expect(outcome(await send(nation, kept, "confirmed", atNation.body.revisionToken))).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(outcome(await send(nation, withdrawn, "negative", atNation.body.revisionToken))).toEqual([
      200,
      undefined,
      2,
    ]);
    await bring(nation, merge(kept, withdrawn), { kind: "import", supplierId: 7 });
    expect(await storedOf(nation.database, merge(kept, withdrawn))).toMatchObject([
      { revised_report_type: 1 },
      { revised_report_type: 1 },
      { report_type: 5 },
      { report_type: 5 },
    ]);
  });

  test("a person who uploaded at the state revises at the nation, also after uploading there", async () => {
    const [state, nation] = [await make(), await make()];
    await handOverTokenKeys(state, nation);
    const [before, after] = [keysOf(2), keysOf(2)];
    const fromState = (await state.upload(before, { claims: { reportType: "likely" } })).body.revisionToken;
    await bring(nation, before, { kind: "import", supplierId: 7 });
    const atNation = await nation.upload(after, {
      claims: { reportType: "likely" },
      members: { revisionToken: fromState },
    });
    expect(outcome(atNation)).toEqual([200, undefined, 2]);
    nation.clock.advance(1);
    const { revisionToken } = atNation.body;
    const confirmed = { claims: { reportType: "confirmed" }, members: { revisionToken } };
    expect(outcome(await nation.upload(merge(before, after), confirmed))).toEqual([200, undefined, undefined]);
    const rows = await storedOf(nation.database, merge(before, after));
    expect(rows.map((row) => row.revised_report_type)).toEqual([1, 1, 1, 1]);
  });
});
