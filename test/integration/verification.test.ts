// Whose certificates are taken, as changes arrive in all processes, and under attack.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR, isoTime } from "../../src/core/clock.ts";
import { CodedError, codeOf } from "../../src/core/coded-error.ts";
import type { Db } from "../../src/platform/database/database.ts";
import { joinTransaction } from "../../src/platform/database/join-transaction.ts";
import { makeAuthority } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  authoritySettings,
  makeVerificationWorld,
  NOW,
  request,
  runJob,
  type VerificationWorld,
} from "../support/verification-world.ts";

const worlds: VerificationWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describeOnEachDatabase("certificates", (open) => {
  const authority = makeAuthority("gov.state", "v1");
  const entered = { version: "v1", publicKeyPem: authority.publicKeyPem, from: NOW - DAY, until: null };

  /** With the authority "state" and one key. */
  async function make(...settings: Parameters<typeof makeVerificationWorld>[1][]): Promise<VerificationWorld> {
    const world = await makeVerificationWorld(open, ...settings);
    worlds.push(world);
    await world.feature.createAuthority(authoritySettings("state", authority.iss));
    await world.feature.addAuthorityKey("state", entered);
    return world;
  }

  test("are taken from an authority as soon as it is there, and refused from any other", async () => {
    const world = await make();
    expect(await world.outcomeFor(authority)).toBe("taken");
    expect(await world.outcomeFor(makeAuthority("gov.other"))).toBe("jwt_issuer_unknown");
    await world.feature.createAuthority(authoritySettings("other", "gov.other"));
    expect(await world.outcomeFor(makeAuthority("gov.other"))).toBe("jwt_key_unknown");
    expect(await world.outcomeFor(makeAuthority("gov.state", "v2"))).toBe("jwt_key_unknown");
    expect(await world.outcomeFor(makeAuthority("gov.state", "v1"))).toBe("jwt_signature_invalid");
  });

  test("each change counts at once in its own process, although the clock stands still", async () => {
    const world = await make();
    const { feature, outcomeFor } = world;
    expect(await outcomeFor(authority)).toBe("taken");
    await feature.endAuthorityKey("state", "v1", NOW);
    expect(await outcomeFor(authority)).toBe("jwt_key_not_valid");
    await feature.endAuthorityKey("state", "v1", null);
    expect(await outcomeFor(authority)).toBe("taken");
    await feature.changeAuthority("state", { aud: "another" });
    expect(await outcomeFor(authority)).toBe("jwt_audience_wrong");
    await feature.changeAuthority("state", { aud: authority.aud, iss: "gov.renamed" });
    expect(await outcomeFor(authority)).toBe("jwt_issuer_unknown");
  });

  test("each change counts in every other process within a second", async () => {
    const world = await make();
    const other = world.anotherProcess();
    expect(await world.outcomeFor(authority, other)).toBe("taken");
    await world.feature.endAuthorityKey("state", "v1", NOW);
    world.clock.advance(1);
    expect(await world.outcomeFor(authority, other)).toBe("jwt_key_not_valid");
    await world.feature.endAuthorityKey("state", "v1", null);
    world.clock.advance(1);
    expect(await world.outcomeFor(authority, other)).toBe("taken");
  });

  test("a change inside a transaction counts once that is committed, and never when it is rolled back", async () => {
    const { database, feature, outcomeFor } = await make();
    const revoke = async (tx: Db) => {
      const route = feature.routes.find(({ operationId }) => operationId === "endAuthorityKey");
      if (route?.kind !== "change") throw new Error("there is no such route");
      const asked = { params: { name: "state", version: "v1" }, body: { until: isoTime(NOW) }, query: {} };
      await route.change(joinTransaction(database.kind, tx), { ...asked, principal: "ada", now: NOW });
    };
    const rolledBack = database.transaction(async (tx) => {
      await revoke(tx);
      throw new Error("rolled back");
    });
    await expect(rolledBack).rejects.toThrow("rolled back");
    expect(await outcomeFor(authority)).toBe("taken");
    await database.transaction(revoke);
    expect(await outcomeFor(authority)).toBe("jwt_key_not_valid");
  });

  test("KS P17: ten thousand made-up issuers cost one question, and nothing is kept of them", async () => {
    const world = await make();
    world.clock.advance(5);
    expect(await world.outcomeFor(authority)).toBe("taken");
    const before = world.statementCount();
    const stranger = makeAuthority();
    const forged = Array.from({ length: 10_000 }, (_, at) => stranger.signJwt(`{"iss":"${at}","aud":"","exp":${NOW}}`));
    world.clock.advance(1);
    const codes = await Promise.all(
      forged.map((jws) => world.feature.verifyCertificate(jws, request, null, NOW).then(String, codeOf)),
    );
    expect(new Set(codes)).toEqual(new Set(["jwt_issuer_unknown"]));
    expect(world.statementCount() - before).toBe(1);
    expect(await world.outcomeFor(authority)).toBe("taken");
    expect(world.statementCount() - before).toBe(1);
  });

  test("KS P17: a hundred requests of one second share one question, whoever they name", async () => {
    const world = await make();
    const issuers = Array.from({ length: 5 }, (_, at) => makeAuthority(`gov.${at}`));
    for (const { iss, publicKeyPem } of issuers) {
      await world.feature.createAuthority(authoritySettings(iss, iss));
      await world.feature.addAuthorityKey(iss, { ...entered, publicKeyPem });
    }
    const other = world.anotherProcess();
    const before = world.statementCount();
    const asked = Array.from({ length: 100 }, (_, at) => issuers[at % 5] ?? authority);
    expect(new Set(await Promise.all(asked.map((one) => world.outcomeFor(one, other))))).toEqual(new Set(["taken"]));
    expect(world.statementCount() - before).toBe(1);
    world.clock.advance(1);
    expect(new Set(await Promise.all(asked.map((one) => world.outcomeFor(one, other))))).toEqual(new Set(["taken"]));
    // The revision alone, which has not moved.
    expect(world.statementCount() - before).toBe(2);
  });

  test("nothing is said about a certificate while the database is away, and all is well when it is back", async () => {
    const world = await make();
    let isAway = true;
    const feature = world.anotherProcess({
      database: {
        ...world.database,
        get db() {
          if (isAway) throw new CodedError("database_unreachable", "it is away");
          return world.database.db;
        },
      },
    });
    expect(await world.outcomeFor(authority, feature)).toBe("database_unreachable");
    expect(world.events).toEqual([]);
    isAway = false;
    expect(await world.outcomeFor(authority, feature)).toBe("taken");
  });

  test("a certificate is good for as many uploads as the setting says, counted in their transactions", async () => {
    const { database, feature } = await make({ certificateMaxUses: 3 });
    const record = (...digests: string[]) =>
      database.transaction(async (tx) =>
        [
          ...(await feature.recordUses(
            tx,
            digests.map((digit) => use(digit)),
          )),
        ].map((one) => one[0]),
      );
    expect(await record("a", "b", "a")).toEqual([]);
    expect(await record()).toEqual([]);
    expect(await record("a")).toEqual([]);
    expect(await record("a", "b", "c")).toEqual(["a"]);
    // What is refused, or rolled back, is not counted.
    await expect(
      database.transaction(async (tx) => {
        await feature.recordUses(tx, [use("b")]);
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    expect(await record("b", "b")).toEqual(["b"]);
    expect(await record("b")).toEqual([]);
    expect(await record("b")).toEqual(["b"]);
    expect(await record("d", "d", "d", "d")).toEqual(["d"]);
    expect(await record("d")).toEqual([]);
  });

  test("a transaction that bets on uses being left counts them, or fails where none are", async () => {
    const { database, feature } = await make({ certificateMaxUses: 2 });
    const bet = (...digits: string[]) =>
      database.transaction(async (tx) => {
        const statements = feature.countingUses(digits.map((digit) => use(digit)));
        if (statements === null) return "hopeless";
        for (const statement of statements) await statement.execute(tx);
        return "counted";
      });
    expect(await bet()).toBe("counted");
    expect(await bet("a", "b")).toBe("counted");
    expect(await bet("a", "a", "a")).toBe("hopeless");
    await expect(bet("c", "a", "a")).rejects.toThrow("null");
    expect(await bet("a", "c", "c")).toBe("counted");
    await expect(bet("a")).rejects.toThrow("null");
  });

  test("uses in transactions at once add up, and two with the same certificates do not block each other for ever", async () => {
    const { database, feature } = await make({ certificateMaxUses: 10 });
    const many = Array.from({ length: 500 }, (_, at) => use((0x1000 + at).toString(16), 16));
    const rounds = await Promise.all(
      Array.from({ length: 20 }, (_, round) =>
        database.transaction(async (tx) => {
          const uses = round % 2 === 0 ? many : many.toReversed();
          return feature.recordUses(tx, uses);
        }),
      ),
    );
    for (const { digest } of many) {
      expect(rounds.filter((usedUp) => usedUp.has(digest))).toHaveLength(10);
    }
  });

  test("uses are forgotten once nobody takes the certificate any more, and not before", async () => {
    const { database, feature } = await make({ certificateMaxUses: 1 });
    const certificate = { digest: "a".repeat(64), expiresAt: NOW + 900 };
    const record = () => database.transaction((tx) => feature.recordUses(tx, [certificate]));
    await record();
    await runJob(feature, "clean-up-verification", NOW + 900 + HOUR);
    expect((await record()).size).toBe(1);
    await runJob(feature, "clean-up-verification", NOW + 900 + 2 * HOUR);
    expect((await record()).size).toBe(0);
  });

  test("without a bound nothing is counted and nothing is written", async () => {
    const { database, feature } = await make({ certificateMaxUses: null });
    const certificate = { digest: "no digest at all", expiresAt: NOW + 900 };
    expect(await database.transaction((tx) => feature.recordUses(tx, [certificate]))).toEqual(new Set());
  });
});

/** Of the certificate whose digest is these hex digits over and over. */
function use(digits: string, times = 64) {
  return { digest: digits.repeat(times), expiresAt: NOW + 900 };
}
