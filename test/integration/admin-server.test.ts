// The admin server over real HTTP: tokens, roles, pages, revisions and the audit log, on both databases.
// Every answer is checked against the served OpenAPI document by the client.

import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CodedError } from "../../src/core/coded-error.ts";
import type { AuditEntryBody, AuditPage } from "../../src/features/administration/admin-schemas.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { ADMIN_ROLES } from "../../src/platform/http/admin/admin-route.ts";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";
import type { RefusalBody } from "../support/admin-client.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld, WORLD_START } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { lintApi } from "../support/lint-api.ts";
import { createTreeTable, treeRoutes } from "../support/tree-routes.ts";

const KEY_HEX = "00112233445566778899aabbccddeeff";

describeOnEachDatabase("the admin API", (open) => {
  let database: Database;
  let world: AdminWorld;
  let failure: Error;
  beforeEach(async () => {
    database = await open([administrationMigrations]);
    await createTreeTable(database);
    failure = new Error("no reason");
    world = await startAdminWorld({ database, routes: treeRoutes(() => failure) });
  });
  afterEach(() => world.close());

  const auditOf = async (name: string): Promise<AuditEntryBody[]> =>
    (await world.auditor.get<AuditPage>(`/v1/audit?kind=tree&name=${name}`)).body.items;
  const plant = (name: string) => world.operator.post("/v1/trees", { name });

  test("serves a description of itself without a fault", async () => {
    const { body } = await world.auditor.get("/v1/openapi.json");
    expect(await lintApi(body)).toEqual([]);
  });

  describe("tokens", () => {
    test.each(["/health/live", "/health/ready", "/v1/openapi.json"])("%s needs none", async (path) => {
      expect((await world.auditor.get(path, { token: null })).status).toBe(200);
    });

    test.each(["/v1/trees", "/metrics", "/v1/nothing", "/"])("%s needs one", async (path) => {
      const { status, headers, body } = await world.auditor.get(path, { token: null });
      expect([status, body]).toMatchObject([401, { code: "token_missing" }]);
      expect(headers.get("www-authenticate")).toBe("Bearer");
    });

    test.each(["", "Basic YTpi", "Bearer", "Bearer ", "Bearer a b", `Bearer ${"x".repeat(300)}`, "enks_x"])(
      "%j is none",
      async (authorization) => {
        const response = await fetch(`${world.url}/v1/trees`, { headers: { authorization } });
        expect([response.status, await response.json()]).toMatchObject([401, { code: "token_missing" }]);
      },
    );

    test("one that nobody has is unknown", async () => {
      const unknown = `enks_${"A".repeat(43)}`;
      const { status, body } = await world.auditor.get("/v1/trees", { token: unknown });
      expect([status, body]).toMatchObject([401, { code: "token_unknown" }]);
    });

    test("that changes case is another one", async () => {
      const { body } = await world.auditor.get("/v1/trees", { token: world.auditor.token.toLowerCase() });
      expect(body).toMatchObject({ code: "token_unknown" });
    });
  });

  describe("roles", () => {
    test("every route is open from its own role up, and refused below it", async () => {
      const routes = [...world.administration.routes, ...treeRoutes()];
      const clients = { auditor: world.auditor, operator: world.operator, administrator: world.administrator };
      const method = { GET: "get", POST: "post", PATCH: "patch", DELETE: "delete" } as const;
      for (const route of routes) {
        const path = route.path.replaceAll(/\{\w+\}/g, "none");
        for (const role of ADMIN_ROLES) {
          const client = clients[role];
          const { body } = route.method === "GET" ? await client.get(path) : await client[method[route.method]](path);
          const isRefused = ADMIN_ROLES.indexOf(role) < ADMIN_ROLES.indexOf(route.role);
          const isAboutRole = (body as Partial<RefusalBody>).code === "role_insufficient";
          expect([route.operationId, role, isAboutRole]).toEqual([route.operationId, role, isRefused]);
        }
      }
    });

    test("metrics are for everybody with a token", async () => {
      expect((await world.auditor.get("/metrics")).status).toBe(200);
    });

    test("an attempt without the role is recorded with what it was about, and nothing is done", async () => {
      expect((await world.auditor.post("/v1/trees", { name: "elm" })).status).toBe(403);
      expect(await auditOf("elm")).toMatchObject([
        { principal: "aude", operation: "plantTree", outcome: "refused", code: "role_insufficient", after: null },
      ]);
      expect((await world.auditor.get("/v1/trees/elm")).status).toBe(404);
    });
  });

  describe("paths and methods", () => {
    test("an unknown path is refused", async () => {
      const { status, body } = await world.auditor.get("/v1/tree");
      expect([status, body]).toMatchObject([
        404,
        { code: "path_unknown", requestId: expect.stringMatching(/^\w{16}$/) },
      ]);
    });

    test.each(["PUT", "DELETE", "OPTIONS"])("%s on a path without it is refused with those it has", async (method) => {
      const headers = { authorization: `Bearer ${world.auditor.token}` };
      const response = await fetch(`${world.url}/v1/trees`, { method, headers });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
      expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
    });

    test("HEAD answers as GET does, without the body", async () => {
      const headers = { authorization: `Bearer ${world.auditor.token}` };
      const response = await fetch(`${world.url}/v1/trees`, { method: "HEAD", headers });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    });

    test("no answer may be kept, framed or taken for another type", async () => {
      for (const path of ["/v1/trees", "/v1/nothing", "/health/live", "/metrics"]) {
        const { headers } = await world.auditor.get(path);
        expect(Object.fromEntries(headers)).toMatchObject({
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
          "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        });
      }
    });
  });

  test("a list comes in pages that together are the whole", async () => {
    const names = ["ash", "beech", "elm", "fir", "oak"];
    for (const name of names) await plant(name);
    interface Page {
      items: { name: string }[];
      next: string | null;
    }
    const found: string[] = [];
    let next: string | null = "";
    for (let pages = 0; next !== null; pages++) {
      const { body }: { body: Page } = await world.auditor.get<Page>(`/v1/trees?limit=2${next && `&after=${next}`}`);
      found.push(...body.items.map(({ name }) => name));
      next = body.next;
      expect(pages).toBeLessThan(3);
    }
    expect(found).toEqual(names);
  });

  describe("revisions", () => {
    test("each change raises the resource's own, which reading it answers", async () => {
      expect((await plant("elm")).etag).toBe('"1"');
      expect((await world.operator.patch("/v1/trees/elm", { by: 2 })).etag).toBe('"2"');
      expect((await plant("oak")).etag).toBe('"1"');
      const { etag, body } = await world.auditor.get("/v1/trees/elm");
      expect([etag, body]).toEqual(['"2"', { name: "elm", height: 2, note: null }]);
    });

    test("a change that expects another one is refused, changes nothing, and is recorded", async () => {
      await plant("elm");
      const { status, body } = await world.operator.patch("/v1/trees/elm", { by: 2 }, { ifMatch: '"0"' });
      expect([status, body]).toMatchObject([412, { code: "changed_meanwhile" }]);
      expect(await world.auditor.get("/v1/trees/elm")).toMatchObject({ etag: '"1"', body: { height: 0 } });
      expect(await auditOf("elm")).toMatchObject([
        { outcome: "refused", code: "changed_meanwhile" },
        { outcome: "done" },
      ]);
    });

    test("a change that expects the current one is made", async () => {
      const { etag } = await plant("elm");
      expect((await world.operator.patch("/v1/trees/elm", { by: 2 }, { ifMatch: etag })).etag).toBe('"2"');
    });

    test.each(["*", 'W/"1"', "1", '"one"', '"1", "2"', '"01"', `"${"9".repeat(40)}"`])(
      "If-Match: %s is no expectation that can be kept",
      async (ifMatch) => {
        await plant("elm");
        const { status, body } = await world.operator.patch("/v1/trees/elm", { by: 1 }, { ifMatch });
        expect([status, body]).toMatchObject([400, { code: "request_invalid" }]);
      },
    );

    test("of many who change what they read at once, one gets through, and all are recorded", async () => {
      const { etag } = await plant("elm");
      const changes = Array.from({ length: 8 }, () =>
        world.operator.patch("/v1/trees/elm", { by: 1 }, { ifMatch: etag }),
      );
      const statuses = (await Promise.all(changes)).map(({ status }) => status);
      expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
      expect((await world.auditor.get("/v1/trees/elm")).body).toMatchObject({ height: 1 });
      expect(await auditOf("elm")).toHaveLength(9);
    });

    test("without an expectation all get through one after the other", async () => {
      await plant("elm");
      await Promise.all(Array.from({ length: 8 }, () => world.operator.patch("/v1/trees/elm", { by: 1 })));
      expect(await world.auditor.get("/v1/trees/elm")).toMatchObject({ etag: '"9"', body: { height: 8 } });
      const heights = (await auditOf("elm")).map(({ after }) => (after as { height: number }).height);
      expect(heights).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    });
  });

  describe("the audit log", () => {
    test("has who changed what when, and how it was before and after", async () => {
      await plant("elm");
      await world.administrator.patch("/v1/trees/elm", { by: 3 });
      const entry = { at: "2026-11-24T10:00:00Z", kind: "tree", name: "elm", outcome: "done", code: null };
      expect(await auditOf("elm")).toMatchObject([
        { ...entry, principal: "ada", operation: "growTree", before: { height: 0 }, after: { height: 3 } },
        { ...entry, principal: "olaf", operation: "plantTree", before: null, after: { name: "elm", height: 0 } },
      ]);
    });

    test("comes in pages, the newest first, and by principal", async () => {
      for (const name of ["ash", "beech", "elm"]) await plant(name);
      const { body: first } = await world.auditor.get<AuditPage>("/v1/audit?principal=olaf&limit=2");
      const { body: second } = await world.auditor.get<AuditPage>(
        `/v1/audit?principal=olaf&limit=2&after=${first.next}`,
      );
      const names = [...first.items, ...second.items].map(({ name }) => name);
      expect([names, second.next]).toEqual([["elm", "beech", "ash"], null]);
    });

    test("a refused change is recorded with its code and leaves nothing", async () => {
      await plant("elm");
      failure = new CodedError("mirror_unknown", "it does not fall");
      expect((await world.administrator.delete("/v1/trees/elm")).status).toBe(404);
      expect((await auditOf("elm"))[0]).toMatchObject({
        operation: "failTree",
        outcome: "refused",
        code: "mirror_unknown",
      });
      expect(await world.auditor.get("/v1/trees/elm")).toMatchObject({ status: 200, etag: '"1"' });
    });

    test("an attempt that cannot be read is recorded without what it was about", async () => {
      expect((await world.operator.post("/v1/trees", { name: 7 })).status).toBe(400);
      const { body } = await world.auditor.get<AuditPage>("/v1/audit?principal=olaf");
      const entry = { operation: "plantTree", outcome: "refused", code: "request_invalid", kind: null, name: null };
      expect(body.items).toMatchObject([entry]);
    });

    test("a failure that nobody foresaw is recorded, reported without key material, and not explained", async () => {
      await plant("elm");
      failure = new Error(`the axe ${KEY_HEX} broke`, { cause: new TypeError("wood") });
      const { status, body } = await world.administrator.delete<RefusalBody>("/v1/trees/elm");
      expect([status, body.code]).toEqual([500, "unexpected"]);
      expect(JSON.stringify(body)).not.toContain("axe");
      expect((await auditOf("elm"))[0]).toMatchObject({ outcome: "failed", code: "unexpected" });
      expect((await world.auditor.get("/v1/trees/elm")).status).toBe(200);
      expect(world.reported.at(-1)).toMatchObject({
        event: "admin.request-failed",
        level: "error",
        route: "DELETE /v1/trees/:name",
        requestId: body.requestId,
        error: "Error: the axe [redacted] broke; because of TypeError: wood",
      });
    });

    test("no change is kept that cannot be recorded", async () => {
      await sql`alter table audit_entry add check (principal <> 'olaf')`.execute(database.db);
      expect((await plant("elm")).status).toBe(500);
      expect((await world.auditor.get("/v1/trees/elm")).status).toBe(404);
    });

    test("a database that is gone is answered with when to come again", async () => {
      await plant("elm");
      failure = new CodedError("database_unreachable", "PostgreSQL cannot be reached");
      const { status, headers, body } = await world.administrator.delete("/v1/trees/elm");
      expect([status, headers.get("retry-after"), body]).toMatchObject([503, "5", { code: "database_unreachable" }]);
      expect(await auditOf("elm")).toHaveLength(1);
    });

    test("of a resource that is too long it keeps the length", async () => {
      await world.operator.post("/v1/trees", { name: "elm", note: "x".repeat(100_000) });
      expect((await auditOf("elm"))[0]?.after).toEqual({ leftOut: "too long", characters: 100_035 });
    });

    test("its entries cannot be changed", async () => {
      await expect(sql`update audit_entry set principal = 'nobody'`.execute(database.db)).rejects.toThrow(
        "entries of the audit log are not changed",
      );
    });

    test("is kept for ever unless the operator wants otherwise", async () => {
      expect(world.administration.jobs).toEqual([]);
      await world.close();
      const clock = createVirtualClock(WORLD_START);
      await sql`delete from principal`.execute(database.db);
      world = await startAdminWorld({ database, routes: [], clock, auditKeptSeconds: 3_600 });
      const before = (await world.auditor.get<AuditPage>("/v1/audit")).body.items.length;
      await world.administration.jobs[0]?.run(WORLD_START + 3_600);
      expect((await world.auditor.get<AuditPage>("/v1/audit")).body.items).toHaveLength(before);
      await world.administration.jobs[0]?.run(WORLD_START + 3_601);
      expect((await world.auditor.get<AuditPage>("/v1/audit")).body.items).toEqual([]);
    });
  });

  test("no token is in any report, audit entry or later answer", async () => {
    const { body } = await world.administrator.post<{ token: string }>("/v1/principals", {
      name: "x",
      role: "auditor",
    });
    await world.auditor.get("/v1/trees", { token: `${body.token}x` });
    await world.auditor.get(`/v1/trees/${body.token}`, { token: body.token });
    await world.administrator.post(`/v1/principals/x/revocation`);
    await world.auditor.get("/v1/trees", { token: body.token });
    const answers = await Promise.all(
      ["/v1/principals", "/v1/principals/x", "/v1/audit"].map((path) => world.administrator.get(path)),
    );
    const seen = JSON.stringify([world.reported, answers.map((answer) => answer.body)]);
    for (const token of [body.token, world.administrator.token, world.auditor.token]) expect(seen).not.toContain(token);
    expect(seen).not.toContain("enks_");
  });
});
