// Many uploads at once, and uploads while parts of the server fail: what is acknowledged is stored, and nothing else.

import { expect, test } from "vitest";
import { CodedError } from "../../src/core/coded-error.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { SentRequest } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { Faults } from "../support/faults.ts";
import {
  countRows,
  keysOf,
  makePublishWorld,
  NO_ROWS,
  NOW,
  type ProcessChanges,
  type PublishAnswer,
  type PublishWorld,
  storedOf,
} from "../support/publish-world.ts";
import { crashingBeforeCommit } from "../support/transaction-faults.ts";

/** What a phone is told that shall come again. */
const AGAIN = { status: 503, headers: { "retry-after": "60" }, body: { code: "storage_unavailable" } };

function fail(): never {
  throw new CodedError("database_unreachable", "the database is away");
}

/** A database that can be away. */
function departing(inner: Database) {
  const state = { isAway: false };
  const database: Database = {
    ...inner,
    get db() {
      return state.isAway ? fail() : inner.db;
    },
    transaction: async (work) => (state.isAway ? fail() : inner.transaction(work)),
  };
  return { database, state };
}

/** Each of the first `count` transactions ends with this SQLSTATE, its work undone. */
function failing(inner: Database, code: string, count: number): Database {
  let begun = 0;
  return {
    ...inner,
    transaction: (work) =>
      inner.transaction(async (tx) => {
        const isFailing = begun++ < count;
        const result = await work(tx);
        if (isFailing) throw Object.assign(new Error("the server says"), { code });
        return result;
      }),
  };
}

/**
 * A process whose uploads wait right before they would be stored, from `gather(count)` on, until so many are there: they
 * go as one group, however slow the machine is.
 */
function gathering(world: PublishWorld, database: Database) {
  const { revision } = world;
  let [missing, all] = [0, Promise.withResolvers<void>()];
  const prepareSealing: typeof revision.prepareSealing = async (now) => {
    const seal = await revision.prepareSealing(now);
    if (--missing <= 0) all.resolve();
    await all.promise;
    return seal;
  };
  const { upload } = world.anotherProcess({ database, revision: { ...revision, prepareSealing } });
  const gather = (count: number) => {
    [missing, all] = [count, Promise.withResolvers<void>()];
  };
  return { upload, gather };
}

/** As a phone does: what is answered with 503, for example since the same keys are long in other hands, is sent again. */
async function repeatedly(send: () => Promise<PublishAnswer>): Promise<PublishAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (answer.status !== AGAIN.status || attempt === 20) return answer;
  }
}

function isBad(at: number): boolean {
  return at % 7 === 0;
}

function merge(requests: readonly SentRequest[]): SentRequest {
  return { ...keysOf(1), keys: requests.flatMap(({ keys }) => keys) };
}

function statuses(answers: readonly PublishAnswer[]): Record<string, number> {
  const groups = Object.groupBy(answers, ({ status, body }) => `${status} ${body.code ?? ""}`.trim());
  return Object.fromEntries(Object.entries(groups).map(([status, list]) => [status, list?.length ?? 0]));
}

describeOnEachDatabase("uploads at once", (open) => {
  const make = (changes: ProcessChanges = {}) => makePublishWorld(open, changes);

  test("a group with a key that is stored is done again as one, without the upload that has it", async () => {
    const world = await make();
    const old = keysOf(1);
    const same = { members: { verificationPayload: world.authority.certify(old, NOW) } };
    await world.upload(old, same);
    let begun = 0;
    const transaction: Database["transaction"] = (work) => {
      begun++;
      return world.database.transaction(work);
    };
    const { upload, gather } = gathering(world, { ...world.database, transaction });
    // So that it knows authority and app.
    await upload(keysOf(1));
    begun = 0;
    gather(10);
    const answers = await Promise.all([upload(old, same), ...Array.from({ length: 9 }, () => upload(keysOf(1)))]);
    expect(statuses(answers)).toEqual({ "200": 10 });
    // One by one it would be ten and more.
    expect(begun).toBeLessThanOrEqual(5);
  });

  test("two hundred, some for the same keys, are all stored and each gets its own answer", async () => {
    const world = await make();
    const requests: SentRequest[] = Array.from({ length: 200 }, (_, at) => keysOf((at % 10) + 1));
    // Every fifth has a key of the one before too, and every seventh is bad.
    for (const [at, request] of requests.entries()) {
      const shared = at % 5 === 0 ? (requests[at - 1]?.keys.slice(0, 1) ?? []) : [];
      requests[at] = { ...request, keys: [...shared, ...request.keys] };
    }
    const answers = await Promise.all(
      requests.map((request, at) => world.upload(request, { claims: { exp: isBad(at) ? 1 : NOW + at + 1 } })),
    );
    const stored = await storedOf(world.database, merge(requests));
    for (const [at, request] of requests.entries()) {
      const { status, body } = answers[at] ?? {};
      expect([at, status, body?.code === undefined]).toEqual(isBad(at) ? [at, 401, false] : [at, 200, true]);
      if (isBad(at)) continue;
      expect(request.keys.every(({ key }) => stored.some((row) => row.key === key))).toBe(true);
      const opened = await world.revision.openToken(Buffer.from(body?.revisionToken ?? "", "base64"), NOW);
      expect(opened?.entries.length ?? 0).toBe(body?.insertedExposures ?? 0);
    }
    const inserted = answers.reduce((sum, { body }) => sum + (body.insertedExposures ?? 0), 0);
    expect(await countRows(world.database)).toMatchObject({ keys: inserted });
  });

  test("a phone that sends the same upload many times at once stores it once, and every answer has its token", async () => {
    const world = await make();
    const other = world.anotherProcess();
    const request = keysOf(5);
    const same = { members: { verificationPayload: world.authority.certify(request, NOW) } };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? world : other).upload(request, same)),
    );
    expect(statuses(answers)).toEqual({ "200": 40 });
    expect(answers.flatMap(({ body }) => body.insertedExposures ?? [])).toEqual([5]);
    for (const { body } of answers) expect(body.revisionToken).toBeDefined();
    expect(await countRows(world.database)).toMatchObject({ keys: 5, receipts: 1 });
  });

  test("of several processes and apps, over the same few keys, never fail each other", async () => {
    const world = await make();
    await world.addApp({ name: "org.two", regions: ["US-OR"] });
    const processes = [world, world.anotherProcess(), world.anotherProcess()];
    const pool = Array.from({ length: 12 }, () => keysOf(1));
    for (let round = 0; round < 4; round++) {
      world.clock.advance(1);
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, at) => {
          const keys = [0, 5, 7].flatMap((step) => pool[(at * (step + 1) + round) % pool.length]?.keys ?? []);
          const request = { ...keysOf(1), keys: [...new Set(keys)] };
          const app = { healthAuthorityID: at % 2 === 0 ? "org.state" : "org.two" };
          const members = { members: app, claims: { exp: NOW + 500 + at } };
          return repeatedly(() => (processes[at % 3] ?? world).upload(request, members));
        }),
      );
      expect(statuses(answers)).toEqual({ "200": 60 });
    }
    expect(await countRows(world.database)).toMatchObject({ keys: 12 });
  });

  test("a certificate that is used up fails its own upload and none of the others that go with it", async () => {
    const world = await make({ certificateMaxUses: 1 });
    const used = keysOf(1);
    const same = { members: { verificationPayload: world.authority.certify(used, NOW) } };
    expect((await world.upload(used, same)).status).toBe(200);
    await world.database.db.deleteFrom("exposure" as never).execute();
    const uploads = [world.upload(used, same), ...Array.from({ length: 9 }, () => world.upload(keysOf(1)))];
    const answers = await Promise.all(uploads);
    expect(statuses(answers)).toEqual({ "200": 9, "401 health_authority_verification_certificate_invalid": 1 });
    expect(await countRows(world.database)).toMatchObject({ keys: 9, uses: 10 });
  });

  test("a group that cannot be stored as one is stored one by one", async () => {
    const world = await make();
    await world.upload(keysOf(1));
    const { upload, gather } = gathering(world, crashingBeforeCommit(world.database, 0, 1));
    gather(5);
    const answers = await Promise.all(Array.from({ length: 5 }, () => upload(keysOf(1))));
    expect(statuses(answers)).toEqual({ "200": 5 });
    expect(await countRows(world.database)).toMatchObject({ keys: 6, receipts: 6, uses: 6 });
  });

  test("no phone hears of a key that somebody else stored a moment earlier", async () => {
    const world = await make();
    await world.upload(keysOf(1));
    for (const count of [1, 5]) {
      const { upload, gather } = gathering(world, failing(world.database, "23505", 3));
      gather(count);
      const answers = await Promise.all(Array.from({ length: count }, () => upload(keysOf(1))));
      expect(statuses(answers)).toEqual({ "200": count });
    }
    expect(await countRows(world.database)).toMatchObject({ keys: 7, receipts: 7, uses: 7 });
  });
});

describeOnEachDatabase("uploads while something is wrong", (open) => {
  const make = (changes: ProcessChanges = {}) => makePublishWorld(open, changes);

  test("P3: a database that is away is 503 and Retry-After, nothing is stored, and the same uploads succeed later", async () => {
    const world = await make();
    const { database, state } = departing(world.database);
    const { upload } = world.anotherProcess({ database });
    // The app is known, and the authority, for this second.
    await upload(keysOf(1));
    const before = await countRows(world.database);
    const requests = [keysOf(), keysOf(), keysOf()];
    state.isAway = true;
    for (const answer of await Promise.all(requests.map((request) => upload(request)))) {
      expect(answer).toMatchObject(AGAIN);
      expect(Buffer.from(answer.body.padding ?? "", "base64").length).toBeGreaterThanOrEqual(1_024);
    }
    world.clock.advance(1);
    expect(await upload(keysOf())).toMatchObject(AGAIN);
    expect(await countRows(world.database)).toEqual(before);
    state.isAway = false;
    expect(statuses(await Promise.all(requests.map((request) => upload(request))))).toEqual({ "200": 3 });
    expect(world.events).toContainEqual(
      expect.objectContaining({
        event: "publish.failed",
        code: "database_unreachable",
        why: expect.stringContaining("CodedError: "),
      }),
    );
  });

  test("a database that is away is asked once for all that wait, not once for each", async () => {
    const world = await make();
    const { database, state } = departing(world.database);
    let asked = 0;
    const counting: Database = {
      ...database,
      transaction: (work) => {
        asked++;
        return database.transaction(work);
      },
    };
    const { upload, gather } = gathering(world, counting);
    await upload(keysOf(1));
    state.isAway = true;
    asked = 0;
    gather(50);
    const answers = await Promise.all(Array.from({ length: 50 }, () => upload(keysOf(1))));
    expect(statuses(answers)).toEqual({ "503 storage_unavailable": 50 });
    expect(asked).toBe(1);
  });

  test("P26: when no token can be made nothing is stored", async () => {
    const world = await make({ encryptionKeys: { encrypt: async () => fail(), decrypt: async () => fail() } });
    expect(await world.upload(keysOf())).toMatchObject({ ...AGAIN, body: { code: "internal_error" } });
    expect(await countRows(world.database)).toEqual(NO_ROWS);
    expect(world.events).toContainEqual(
      expect.objectContaining({ event: "publish.failed", code: "token_key_unavailable" }),
    );
  });

  test("an upload that failed before its commit is not stored, nor counted", async () => {
    const world = await make();
    await world.upload(keysOf(1));
    const before = await countRows(world.database);
    const { upload } = world.anotherProcess({ database: crashingBeforeCommit(world.database, 0) });
    expect(await upload(keysOf())).toMatchObject({ ...AGAIN, body: { code: "internal_error" } });
    expect(await countRows(world.database)).toEqual(before);
  });

  test("an upload that was stored, but whose answer got lost, is repeated and gets its token", async () => {
    const world = await make();
    await world.upload(keysOf(1));
    const lossy = world.anotherProcess({ database: new Faults({ at: 0, when: "after" }).database(world.database) });
    const request = keysOf();
    const same = { members: { verificationPayload: world.authority.certify(request, NOW) } };
    expect(await lossy.upload(request, same)).toMatchObject({ ...AGAIN, body: { code: "internal_error" } });
    expect(await storedOf(world.database, request)).toHaveLength(3);
    const again = await lossy.upload(request, same);
    expect(again.status).toBe(200);
    expect(again.body.revisionToken).toBeDefined();
    expect(await countRows(world.database)).toMatchObject({ keys: 4 });
  });
});
