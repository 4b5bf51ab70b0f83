// Principals: made, shown once with their token, expired, renewed, revoked, on both databases.

import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import type {
  AuditPage,
  PrincipalBody,
  PrincipalPage,
  PrincipalWithTokenBody,
} from "../../src/features/administration/admin-schemas.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import type { AdminRole } from "../../src/platform/http/admin/admin-route.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld, WORLD_START } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("principals", (open) => {
  let database: Database;
  let world: AdminWorld;
  let clock: VirtualClock;
  beforeEach(async () => {
    database = await open([administrationMigrations]);
    clock = createVirtualClock(WORLD_START);
    world = await startAdminWorld({ database, routes: [], clock });
  });
  afterEach(() => world.close());

  const create = (name: string, role: AdminRole = "auditor", expiresAt: string | null = null) =>
    world.administrator.post<PrincipalWithTokenBody>("/v1/principals", { name, role, expiresAt });
  const show = async (name: string) => (await world.auditor.get<PrincipalBody>(`/v1/principals/${name}`)).body;
  const revoke = (name: string, by = world.administrator) => by.post(`/v1/principals/${name}/revocation`);
  const askAs = async (token: string) => (await world.auditor.get<{ code?: string }>("/v1/audit", { token })).body.code;

  test("one is made and shown with its token, which opens what its role may do", async () => {
    const { status, body } = await create("mia", "operator", "2026-12-01T00:00:00Z");
    expect([status, body]).toEqual([
      201,
      {
        principal: {
          name: "mia",
          role: "operator",
          createdAt: "2026-11-24T10:00:00Z",
          expiresAt: "2026-12-01T00:00:00Z",
          revokedAt: null,
          lastUsedAt: null,
        },
        token: expect.stringMatching(/^enks_[A-Za-z0-9_-]{43}$/),
      },
    ]);
    expect(await askAs(body.token)).toBeUndefined();
  });

  test("a token is kept only as the digest of it", async () => {
    const { body } = await create("mia");
    const { rows } = await sql<{ row: string }>`select p::text as row from principal p where name = 'mia'`.execute(
      database.db,
    );
    expect(rows[0]?.row).not.toContain(body.token.slice(5));
    const digest = sql`select 1 as found from principal where token_sha256 = sha256(${body.token}::text::bytea)`;
    expect((await digest.execute(database.db)).rows).toEqual([{ found: 1 }]);
  });

  test("a name is given once and for all", async () => {
    await create("mia");
    await revoke("mia");
    expect(await create("mia")).toMatchObject({ status: 409, body: { code: "principal_exists" } });
  });

  test.each(["", "-mia", "a b", "../x", "mía", "x".repeat(101)])("no principal can be called %j", async (name) => {
    expect(await create(name)).toMatchObject({ status: 400, body: { code: "request_invalid" } });
    const making = world.administration.createPrincipal({ name, role: "auditor", expiresAt: null }, "init");
    await expect(making).rejects.toMatchObject({ code: "principal_invalid" });
  });

  test.each(["2026-11-24T10:00:00Z", "1999-01-01T00:00:00Z"])(
    "none expires before it begins: %s",
    async (expiresAt) => {
      expect(await create("mia", "auditor", expiresAt)).toMatchObject({
        status: 400,
        body: { code: "principal_invalid" },
      });
    },
  );

  test.each(["2026-02-30T00:00:00Z", "2026-12-01", "soon", "2026-12-01T00:00:00+01:00", "+275760-09-13T00:00:00Z"])(
    "%s is no instant",
    async (expiresAt) => {
      expect(await create("mia", "auditor", expiresAt)).toMatchObject({
        status: 400,
        body: { code: "request_invalid" },
      });
    },
  );

  test("all are listed by name, page by page", async () => {
    for (const name of ["zoe", "Zoe", "mia"]) await create(name);
    const { body: first } = await world.auditor.get<PrincipalPage>("/v1/principals?limit=4");
    const { body: second } = await world.auditor.get<PrincipalPage>(`/v1/principals?limit=4&after=${first.next}`);
    const names = [...first.items, ...second.items].map(({ name }) => name);
    expect([names, second.next]).toEqual([["Zoe", "ada", "aude", "mia", "olaf", "zoe"], null]);
  });

  describe("a token", () => {
    test("ends at its expiry", async () => {
      const { body } = await create("mia", "auditor", "2026-11-24T11:00:00Z");
      clock.set(WORLD_START + 3_599);
      expect(await askAs(body.token)).toBeUndefined();
      clock.advance(1);
      expect(await askAs(body.token)).toBe("token_expired");
    });

    test("ends when its principal is revoked, and stays ended", async () => {
      const { body } = await create("mia");
      expect((await revoke("mia")).body).toMatchObject({ revokedAt: "2026-11-24T10:00:00Z" });
      expect(await askAs(body.token)).toBe("token_revoked");
      expect(await revoke("mia")).toMatchObject({ status: 409, body: { code: "principal_revoked" } });
      expect(await world.administrator.post("/v1/principals/mia/tokens", {})).toMatchObject({
        status: 409,
        body: { code: "principal_revoked" },
      });
    });

    test("is replaced by a new one with its own expiry", async () => {
      const { body: old } = await create("mia", "auditor", "2026-11-24T11:00:00Z");
      clock.set(WORLD_START + DAY);
      const { body } = await world.administrator.post<PrincipalWithTokenBody>("/v1/principals/mia/tokens");
      expect(body.principal.expiresAt).toBeNull();
      expect(await askAs(body.token)).toBeUndefined();
      expect(await askAs(old.token)).toBe("token_unknown");
    });

    test("that was used is noted, to within minutes", async () => {
      const { body } = await create("mia");
      const use = async (at: number) => {
        clock.jump(at);
        await askAs(body.token);
        return (await show("mia")).lastUsedAt;
      };
      expect(await use(WORLD_START + 10)).toBe("2026-11-24T10:00:10Z");
      expect(await use(WORLD_START + 309)).toBe("2026-11-24T10:00:10Z");
      expect(await use(WORLD_START + 310)).toBe("2026-11-24T10:05:10Z");
      expect(await use(WORLD_START - DAY)).toBe("2026-11-23T10:00:00Z");
    });
  });

  describe("the last administrator", () => {
    test("cannot be revoked, also not where the others cannot act", async () => {
      const { body } = await create("eve", "administrator", "2026-11-24T11:00:00Z");
      clock.set(WORLD_START + 3_600);
      expect(await askAs(body.token)).toBe("token_expired");
      expect(await revoke("ada")).toMatchObject({ status: 409, body: { code: "administrator_needed" } });
      expect((await revoke("eve")).status).toBe(200);
      expect(await askAs(world.administrator.token)).toBeUndefined();
    });

    test("is left when two revoke each other at once", async () => {
      const eve = await world.clientOf("eve", "administrator");
      const answers = await Promise.all([revoke("eve"), revoke("ada", eve)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    test("is left when the other one is being revoked at this moment", async () => {
      await create("eve", "administrator");
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const { promise: held, resolve: hold } = Promise.withResolvers<Db>();
      const elsewhere = database.transaction(async (tx) => {
        await sql`update principal set revoked_at = 1 where name = 'eve'`.execute(tx);
        hold(tx);
        await released;
      });
      const tx = await held;
      const answer = revoke("ada");
      // On the embedded database nobody gets to run beside a transaction.
      if (database.kind === "postgres") await Promise.race([answer, untilBlocked(tx)]);
      release();
      await elsewhere;
      expect(await answer).toMatchObject({ status: 409, body: { code: "administrator_needed" } });
    });
  });

  test.each(["/v1/principals/nobody/revocation", "/v1/principals/nobody/tokens"])(
    "nobody is unknown: %s",
    async (path) => {
      expect(await world.administrator.post(path, {})).toMatchObject({
        status: 404,
        body: { code: "principal_unknown" },
      });
    },
  );

  test("the first one is made without a server, and the log says by whom", async () => {
    const made = await world.administration.createPrincipal(
      { name: "root", role: "administrator", expiresAt: null },
      "init",
    );
    expect(await askAs(made.token)).toBeUndefined();
    const { body } = await world.auditor.get<AuditPage>("/v1/audit?kind=principal&name=root");
    expect(body.items).toMatchObject([
      { principal: "init", operation: "createPrincipal", before: null, after: { name: "root", role: "administrator" } },
    ]);
  });
});

/** Resolves when somebody waits for what `tx` holds. */
async function untilBlocked(tx: Db): Promise<void> {
  for (;;) {
    const waiting = sql`select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`;
    if ((await waiting.execute(tx)).rows.length > 0) return;
  }
}
