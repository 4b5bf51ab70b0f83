// Authorities that publish their keys: the scenarios of KS 13.2, each named after its defect.

import { afterEach, expect, test } from "vitest";
import { DAY, MINUTE } from "../../src/core/clock.ts";
import { readAuthorityKeys } from "../../src/features/verification/queries.ts";
import type { AuthorityKey } from "../../src/features/verification/verification-types.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { makeAuthority } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  authoritySettings,
  JWKS_PATH,
  makeVerificationWorld,
  NOW,
  runJob,
  type VerificationWorld,
} from "../support/verification-world.ts";

const worlds: VerificationWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describeOnEachDatabase("a JWKS", (open) => {
  const first = makeAuthority("gov.state", "k1");
  const second = makeAuthority("gov.state", "k2");
  /** Another key under the kid of the first. */
  const reused = makeAuthority("gov.state", "k1");

  /** With the authority "state", which publishes `first`. */
  async function make(): Promise<VerificationWorld> {
    const world = await makeVerificationWorld(open);
    worlds.push(world);
    await world.publishKeys("state", "gov.state");
    world.serve([first]);
    await world.refresh();
    return world;
  }

  test("adds and withdraws keys, at once in this process and within a second in others", async () => {
    const world = await make();
    const other = world.anotherProcess();
    expect(await world.outcomeFor(first, other)).toBe("taken");
    await publish(world, [second]);
    for (const feature of [world.feature, other]) {
      expect(await world.outcomeFor(first, feature)).toBe("jwt_key_not_valid");
      expect(await world.outcomeFor(second, feature)).toBe("taken");
    }
    expect(await world.lastError("state")).toBeNull();
    expect(world.events).toContainEqual({
      event: "verification.jwks-refreshed",
      authority: "state",
      added: 1,
      reopened: 0,
      withdrawn: 1,
    });
  });

  test.each([
    ["KS J1: an empty body", "", 200, "jwks_unreadable"],
    ["KS J1: an empty list", "[]", 200, "jwks_empty"],
    ["KS J1: an empty object", '{"keys":[]}', 200, "jwks_empty"],
    ["a page", "<html>", 200, "jwks_unreadable"],
    ["no answer", "[]", 404, "jwks_unavailable"],
    ["a failure", "[]", 503, "jwks_unavailable"],
    ["KS J5: a list of other keys only", '[{"kty":"RSA","kid":"r"}]', 200, "jwks_empty"],
    ["KS J5: a body without end", " ".repeat(300_000), 200, "fetch_too_large"],
  ])("%s withdraws nothing, and the next good answer counts", async (_, body, status, code) => {
    const world = await make();
    await publish(world, body, status);
    expect(await world.lastError("state")).toBe(code);
    expect(await world.outcomeFor(first)).toBe("taken");
    expect(world.events.at(-1)).toMatchObject({ event: "verification.jwks-refused", authority: "state", code });
    await publish(world, [second]);
    expect(await world.outcomeFor(second)).toBe("taken");
    expect(await world.lastError("state")).toBeNull();
  });

  test("KS J2: a withdrawn key ends once, and is forgotten after thirty days", async () => {
    const world = await make();
    await publish(world, [second]);
    const endedAt = world.clock.now();
    for (let round = 0; round < 3; round++) await publish(world, [second]);
    expect(await keysOf(world)).toMatchObject([
      { version: "k1", until: endedAt },
      { version: "k2", until: null },
    ]);
    await runJob(world.feature, "clean-up-verification", endedAt + 30 * DAY);
    expect(await keysOf(world)).toHaveLength(2);
    await runJob(world.feature, "clean-up-verification", endedAt + 30 * DAY + 1);
    expect(await keysOf(world)).toMatchObject([{ version: "k2" }]);
  });

  test("KS J3: a key that returns is trusted again", async () => {
    const world = await make();
    await publish(world, [second]);
    await publish(world, [first, second]);
    expect(await world.outcomeFor(first)).toBe("taken");
    expect(await keysOf(world)).toHaveLength(2);
  });

  test("KS J4: another key under the same kid replaces the old one, and the old one may return", async () => {
    const world = await make();
    await publish(world, [reused]);
    expect(await world.outcomeFor(reused)).toBe("taken");
    expect(await world.outcomeFor(first)).toBe("jwt_signature_invalid");
    await publish(world, [first]);
    expect(await world.outcomeFor(first)).toBe("taken");
    expect(await world.outcomeFor(reused)).toBe("jwt_signature_invalid");
    // Back and forth within one second.
    for (const answer of [reused, first, reused]) {
      world.serve([answer]);
      await world.refresh();
      expect(await world.outcomeFor(answer)).toBe("taken");
    }
    expect(await keysOf(world)).toHaveLength(2);
  });

  test("KS J4: additions and withdrawals are one transaction: a failure in between leaves all as it was", async () => {
    const world = await make();
    const before = await keysOf(world);
    const { database } = world;
    const transaction: Database["transaction"] = (work) =>
      database.transaction(async (tx) => {
        await work(tx);
        throw new Error("the process died before the commit");
      });
    world.serve([second]);
    const refreshed = world.refresh(world.anotherProcess({ database: { ...database, transaction } }));
    await expect(refreshed).rejects.toThrow("the process died");
    expect(await world.lastError("state")).toBe("unexpected");
    expect(await keysOf(world)).toEqual(before);
    await world.refresh();
    expect(await world.outcomeFor(second)).toBe("taken");
  });

  test("KS J5: one key of another kind does not keep the others from being taken", async () => {
    const world = await make();
    await publish(world, JSON.stringify({ keys: [{ kty: "RSA", n: "AQAB", kid: "r" }, first.jwk, second.jwk] }));
    expect(await world.outcomeFor(second)).toBe("taken");
    expect(world.events).toContainEqual({
      event: "verification.jwks-keys-ignored",
      level: "warn",
      authority: "state",
      count: 1,
      ignored: '"r" jwk_not_p256',
    });
  });

  test("KS J6: of two runs at once, the one with the older answer changes nothing", async () => {
    const world = await make();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    world.server.put(JWKS_PATH, { body: JSON.stringify([first.jwk]), after: released });
    const asked = world.server.nextRequest(JWKS_PATH);
    const slow = world.refresh();
    await asked;
    world.serve([second]);
    await world.refresh(world.anotherProcess());
    release();
    await slow;
    expect(await world.outcomeFor(second)).toBe("taken");
    expect(await world.outcomeFor(first)).toBe("jwt_key_not_valid");
    expect(world.events).toContainEqual({ event: "verification.jwks-overtaken", authority: "state" });
    expect(await world.lastError("state")).toBeNull();
  });

  test("an answer that comes after the URL was changed changes nothing", async () => {
    const world = await make();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    world.server.put(JWKS_PATH, { body: JSON.stringify([second.jwk]), after: released });
    const asked = world.server.nextRequest(JWKS_PATH);
    const slow = world.refresh();
    await asked;
    await world.feature.changeAuthority("state", { jwksUrl: null });
    release();
    await slow;
    expect(await world.outcomeFor(first)).toBe("taken");
    expect(await world.outcomeFor(second)).toBe("jwt_key_unknown");
  });

  test("KS J7: keys that were entered by hand are left alone", async () => {
    const world = await make();
    const byHand = makeAuthority("gov.state", "hand");
    const { publicKeyPem } = byHand;
    await world.feature.addAuthorityKey("state", { version: "hand", publicKeyPem, from: NOW, until: null });
    await publish(world, [second]);
    expect(await world.outcomeFor(byHand)).toBe("taken");
    await publish(world, [second, makeAuthority("gov.state", "hand")]);
    expect(await world.outcomeFor(byHand)).toBe("taken");
    expect(world.events).toContainEqual(expect.objectContaining({ ignored: '"hand" jwk_entered_by_hand' }));
  });

  test("a published key that an operator revokes stays revoked until the operator reinstates it", async () => {
    const world = await make();
    await publish(world, [first, second]);
    await world.feature.endAuthorityKey("state", "k1", world.clock.now());
    await publish(world, [first, second]);
    expect(await world.outcomeFor(first)).toBe("jwt_key_not_valid");
    // Not even when it was away for long.
    await publish(world, [second]);
    await runJob(world.feature, "clean-up-verification", world.clock.now() + 90 * DAY);
    await publish(world, [first, second]);
    expect(await world.outcomeFor(first)).toBe("jwt_key_not_valid");
    await world.feature.endAuthorityKey("state", "k1", null);
    await publish(world, [first, second]);
    expect(await world.outcomeFor(first)).toBe("taken");
  });

  test("a withdrawn key that an operator reinstates is the operator's, and no JWKS withdraws it again", async () => {
    const world = await make();
    await publish(world, [second]);
    await world.feature.endAuthorityKey("state", "k1", null);
    await publish(world, [second]);
    expect(await world.outcomeFor(first)).toBe("taken");
    expect(await keysOf(world)).toMatchObject([{ version: "k1", origin: "manual" }, { origin: "jwks" }]);
  });

  test("one authority's failure does not keep the others from being refreshed", async () => {
    const world = await make();
    const unreachable = { ...authoritySettings("broken", "gov.broken"), jwksUrl: "https://127.0.0.1:1/jwks" };
    await world.feature.createAuthority({ ...unreachable, allowPrivateAddresses: true });
    await world.feature.createAuthority({ ...unreachable, name: "private", iss: "gov.private" });
    await publish(world, [second]);
    expect(await world.outcomeFor(second)).toBe("taken");
    expect(await world.lastError("broken")).toBe("fetch_failed");
    expect(await world.lastError("private")).toBe("fetch_private_address");
  });

  test("what does not change is not written, so that nobody reads everything again", async () => {
    const world = await make();
    const other = world.anotherProcess();
    await world.outcomeFor(first, other);
    await publish(world, [first]);
    const before = world.statementCount();
    await world.outcomeFor(first, other);
    expect(world.statementCount() - before).toBe(1);
  });
});

/** A refresh two minutes later. */
async function publish(world: VerificationWorld, ...answer: Parameters<VerificationWorld["serve"]>): Promise<void> {
  world.clock.advance(2 * MINUTE);
  world.serve(...answer);
  await world.refresh();
}

async function keysOf({ database, feature }: VerificationWorld): Promise<AuthorityKey[]> {
  return readAuthorityKeys(database.db, (await feature.findAuthority(database.db, "state")).id);
}
