// The decision over a JWKS: scenarios named after the defects of the reference server, and what is always true.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AuthorityKey, isOpen, isValid } from "../verification-types.ts";
import { planRefresh, type RefreshPlan } from "./plan-refresh.ts";
import type { ListedKey } from "./read-jwks.ts";

const NOW = 1_000_000;

let nextId = 1;
function stored(version: string, publicKeyPem: string, changes: Partial<AuthorityKey> = {}): AuthorityKey {
  const values = { version, publicKeyPem, origin: "jwks", from: 10, until: null, untilSetBy: null } as const;
  return { id: nextId++, ...values, ...changes };
}
const withdrawn = { until: NOW - 500, untilSetBy: "jwks" } as const;
const revoked = { until: NOW - 500, untilSetBy: "operator" } as const;
const manual = { origin: "manual" } as const;
const listed = (version: string, publicKeyPem: string): ListedKey => ({ version, publicKeyPem });

function plan(keys: readonly AuthorityKey[], list: readonly ListedKey[]): RefreshPlan {
  const planned = planRefresh(keys, list, NOW);
  if (planned.kind === "refuse") throw new Error(planned.code);
  return planned;
}

const unchanged = { kind: "apply", add: [], reopen: [], withdraw: [], ignored: [] };

describe("planRefresh", () => {
  test("adds what is new, keeps what is known, withdraws what is gone", () => {
    const keys = [stored("k1", "A"), stored("k2", "B")];
    expect(plan(keys, [listed("k2", "B"), listed("k3", "C")])).toEqual({
      ...unchanged,
      add: [listed("k3", "C")],
      withdraw: [keys[0]],
    });
  });

  test("KS J1: an empty list withdraws nothing", () => {
    for (const keys of [[], [stored("k1", "A")], [stored("k1", "A", manual)]]) {
      expect(planRefresh(keys, [], NOW)).toEqual({ kind: "refuse", code: "jwks_empty" });
    }
  });

  test("KS J1: a list after which no key would be valid withdraws nothing", () => {
    const keys = [stored("k1", "A"), stored("k2", "B", revoked)];
    expect(planRefresh(keys, [listed("k2", "B")], NOW)).toEqual({ kind: "refuse", code: "jwks_leaves_none" });
  });

  test("a single key may be replaced by another one", () => {
    const keys = [stored("k1", "A")];
    expect(plan(keys, [listed("k2", "B")])).toEqual({ ...unchanged, add: [listed("k2", "B")], withdraw: keys });
  });

  test("KS J2: what has been withdrawn is not withdrawn again", () => {
    expect(plan([stored("k1", "A", withdrawn), stored("k2", "B")], [listed("k2", "B")])).toEqual(unchanged);
  });

  test("KS J3: a key that returns is trusted again", () => {
    const keys = [stored("k1", "A", withdrawn), stored("k2", "B")];
    expect(plan(keys, [listed("k1", "A"), listed("k2", "B")])).toEqual({ ...unchanged, reopen: [keys[0]] });
  });

  test("KS J4: another key under the same kid takes its place", () => {
    const keys = [stored("k1", "A")];
    expect(plan(keys, [listed("k1", "B")])).toEqual({ ...unchanged, add: [listed("k1", "B")], withdraw: keys });
  });

  test("KS J4: and back again", () => {
    const keys = [stored("k1", "A", withdrawn), stored("k1", "B")];
    expect(plan(keys, [listed("k1", "A")])).toEqual({ ...unchanged, reopen: [keys[0]], withdraw: [keys[1]] });
  });

  test("KS J7: a key that was entered by hand is left alone, listed or not", () => {
    const keys = [stored("k1", "A", manual), stored("k2", "B", manual)];
    expect(plan(keys, [listed("k2", "B")])).toEqual(unchanged);
    expect(plan(keys, [listed("k3", "C")])).toEqual({ ...unchanged, add: [listed("k3", "C")] });
  });

  test("KS J7: nor does another key take its kid while it is valid or will be", () => {
    for (const changes of [manual, { ...manual, from: NOW + 5 }, { ...manual, until: NOW + 5 }]) {
      expect(plan([stored("k1", "A", changes)], [listed("k1", "B")])).toEqual({
        ...unchanged,
        ignored: [{ version: "k1", reason: "jwk_entered_by_hand" }],
      });
    }
    expect(plan([stored("k1", "A", { ...manual, ...revoked })], [listed("k1", "B")]).add).toEqual([listed("k1", "B")]);
  });

  test("what an operator has revoked stays revoked, whatever kid it returns under", () => {
    const keys = [stored("k1", "A", revoked), stored("k2", "B")];
    for (const version of ["k1", "k3"]) {
      expect(plan(keys, [listed("k2", "B"), listed(version, "A")])).toEqual({
        ...unchanged,
        ignored: [{ version, reason: "jwk_revoked_by_operator" }],
      });
    }
    // A new key may have the kid of the revoked one.
    expect(plan(keys, [listed("k2", "B"), listed("k1", "C")]).add).toEqual([listed("k1", "C")]);
  });

  test("the end that an operator has set for later stands", () => {
    const keys = [stored("k1", "A", { until: NOW + 500, untilSetBy: "operator" })];
    expect(plan(keys, [listed("k1", "A")])).toEqual(unchanged);
  });
});

describe("whatever is stored and whatever is listed", () => {
  const version = fc.constantFrom("k1", "k2", "k3");
  const pem = fc.constantFrom("A", "B", "C", "D");
  const lists = fc.uniqueArray(fc.record({ version, publicKeyPem: pem }), { selector: (one) => one.version });
  /** Lists, and an operator's deeds, one after the other from nothing: so that only what can be stored is stored. */
  const histories = fc.array(
    fc.oneof(
      lists.map((list) => ({ kind: "list" as const, list })),
      fc.record({ kind: fc.constant("enter" as const), version, publicKeyPem: pem }),
      fc.record({ kind: fc.constant("revoke" as const), version }),
    ),
    { maxLength: 12 },
  );

  test("no kid has two keys, hand-entered and revoked keys stay, and a valid key remains where one was", () => {
    fc.assert(
      fc.property(histories, (history) => {
        let keys: AuthorityKey[] = [];
        for (const [at, deed] of history.entries()) {
          const now = NOW + at;
          const before = keys;
          if (deed.kind === "enter") keys = enter(keys, deed, now);
          else if (deed.kind === "revoke") keys = revoke(keys, deed.version, now);
          else {
            const planned = planRefresh(keys, deed.list, now);
            if (planned.kind === "refuse") continue;
            keys = apply(keys, planned, now);
            expect(byHand(keys, now)).toEqual(byHand(before, now));
            if (before.some((one) => isValid(one, now))) expect(keys.some((one) => isValid(one, now))).toBe(true);
            expect(planRefresh(keys, deed.list, now)).toMatchObject({ add: [], reopen: [], withdraw: [] });
          }
          const open = keys.filter((one) => isOpen(one, now)).map((one) => one.version);
          expect(new Set(open).size).toBe(open.length);
          const rows = keys.map((one) => `${one.version} ${one.publicKeyPem}`);
          expect(new Set(rows).size).toBe(rows.length);
        }
      }),
    );
  });
});

/** What a refresh has no business with. */
function byHand(keys: readonly AuthorityKey[], now: number): AuthorityKey[] {
  return keys.filter((one) => one.origin === "manual" || (one.untilSetBy === "operator" && !isOpen(one, now)));
}

function apply(keys: readonly AuthorityKey[], { add, reopen, withdraw }: RefreshPlan, now: number): AuthorityKey[] {
  const changed = keys.map((one): AuthorityKey => {
    if (withdraw.includes(one)) return { ...one, until: now, untilSetBy: one.untilSetBy ?? "jwks" };
    if (reopen.includes(one)) return { ...one, from: now, until: null, untilSetBy: null };
    return one;
  });
  return [...changed, ...add.map((one) => stored(one.version, one.publicKeyPem, { from: now }))];
}

function enter(keys: readonly AuthorityKey[], entered: ListedKey, now: number): AuthorityKey[] {
  if (keys.some((one) => one.version === entered.version && isOpen(one, now))) return [...keys];
  const others = keys.filter((one) => one.version !== entered.version || one.publicKeyPem !== entered.publicKeyPem);
  return [...others, stored(entered.version, entered.publicKeyPem, { ...manual, from: now })];
}

function revoke(keys: readonly AuthorityKey[], version: string, now: number): AuthorityKey[] {
  return keys.map((one) =>
    one.version === version && isOpen(one, now) ? { ...one, until: now, untilSetBy: "operator" as const } : one,
  );
}
