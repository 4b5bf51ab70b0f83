// Apps in the admin API: made, changed and deleted, and at once effective for uploads in all processes.

import { afterEach, expect, test } from "vitest";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { keysOf, type PublishWorld, publishWorldOn, storedOf, uploadMigrations } from "../support/publish-world.ts";
import { authoritySettings } from "../support/verification-world.ts";

const admins: AdminWorld[] = [];
afterEach(async () => {
  for (const admin of admins.splice(0)) await admin.close();
});

describeOnEachDatabase("apps in the admin API", (open) => {
  async function make(): Promise<{ world: PublishWorld; admin: AdminWorld }> {
    const world = await publishWorldOn(await open([...uploadMigrations, administrationMigrations]));
    const { database, clock, publish } = world;
    const admin = await startAdminWorld({ database, clock, routes: publish.routes });
    admins.push(admin);
    return { world, admin };
  }

  const ALPHA = {
    name: "Org.Alpha",
    regions: ["us-or", "CA", "us-or"],
    authorities: ["state"],
  };

  test("are made, with names in lower case and regions in upper case, and shown", async () => {
    const { admin } = await make();
    const made = await admin.administrator.post("/v1/apps", ALPHA);
    const expected = {
      name: "org.alpha",
      regions: ["CA", "US-OR"],
      authorities: ["state"],
      bypassCertificate: false,
      bypassRevisionToken: false,
    };
    expect(made).toMatchObject({ status: 201, body: expected });
    expect((await admin.auditor.get("/v1/apps/ORG.ALPHA")).body).toEqual(expected);
    const { body } = await admin.auditor.get<{ items: { name: string }[]; next: string | null }>("/v1/apps?limit=1");
    expect(body).toMatchObject({ items: [expected], next: "org.alpha" });
    expect((await admin.auditor.get("/v1/apps?limit=1&after=org.alpha")).body).toMatchObject({
      items: [{ name: "org.state" }],
      next: null,
    });
  });

  test("upload from the next second on, change and stop in all processes", async () => {
    const { world, admin } = await make();
    const other = world.anotherProcess();
    const upload = async () => {
      world.clock.advance(1);
      const request = keysOf();
      const { status, body } = await other.upload(request, { members: { healthAuthorityID: "ORG.alpha" } });
      return { status, code: body.code, rows: await storedOf(world.database, request) };
    };
    expect(await upload()).toMatchObject({ status: 401, code: "unknown_health_authority_id" });
    const { etag } = await admin.administrator.post("/v1/apps", ALPHA);
    expect(await upload()).toMatchObject({ status: 200, rows: [{ regions: ["CA", "US-OR"] }, {}, {}] });
    const changed = await admin.administrator.patch("/v1/apps/org.alpha", { regions: ["MX"] }, { ifMatch: etag });
    expect(changed).toMatchObject({ status: 200, body: { regions: ["MX"], authorities: ["state"] } });
    expect(await upload()).toMatchObject({ status: 200, rows: [{ regions: ["MX"] }, {}, {}] });
    await world.verification.createAuthority(authoritySettings("other", "gov.other"));
    const { etag: newest } = await admin.administrator.get("/v1/apps/org.alpha");
    const authorities = { authorities: ["other"] };
    expect((await admin.administrator.patch("/v1/apps/org.alpha", authorities, { ifMatch: newest })).status).toBe(200);
    expect(await upload()).toMatchObject({ status: 401, code: "health_authority_verification_certificate_invalid" });
    const { etag: last } = await admin.administrator.get("/v1/apps/org.alpha");
    expect((await admin.administrator.delete("/v1/apps/org.alpha", undefined, { ifMatch: last })).status).toBe(200);
    expect(await upload()).toMatchObject({ status: 401, code: "unknown_health_authority_id" });
    expect((await admin.auditor.get("/v1/apps/org.alpha")).status).toBe(404);
  });

  test.each([
    ["a name that is taken", { ...ALPHA, name: "ORG.STATE" }, 409, "app_exists"],
    ["a name with a space", { ...ALPHA, name: "org alpha" }, 400, "app_invalid"],
    ["a name with a NUL", { ...ALPHA, name: "org\0alpha" }, 400, "request_invalid"],
    ["a name with half a character", { ...ALPHA, name: "org\ud800" }, 400, "request_invalid"],
    ["a region of signs", { ...ALPHA, regions: ["U S"] }, 400, "app_invalid"],
    ["an authority that is not there", { ...ALPHA, authorities: ["nobody"] }, 404, "authority_unknown"],
    ["nobody's certificates", { ...ALPHA, authorities: [] }, 400, "app_invalid"],
    ["no region", { ...ALPHA, regions: [] }, 400, "request_invalid"],
    ["an unknown member", { ...ALPHA, region: "US" }, 400, "request_invalid"],
  ])("are not made with %s", async (_what, body, status, code) => {
    const { admin } = await make();
    const refused = await admin.administrator.post<{ code: string }>("/v1/apps", body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect((await admin.auditor.get<{ items: object[] }>("/v1/apps")).body.items).toHaveLength(1);
  });

  test("may upload without anybody's certificates where they need none", async () => {
    const { admin } = await make();
    const made = await admin.administrator.post("/v1/apps", { ...ALPHA, authorities: [], bypassCertificate: true });
    expect(made.status).toBe(201);
  });

  test("are changed by administrators only, one after the other", async () => {
    const { admin } = await make();
    expect((await admin.operator.post("/v1/apps", ALPHA)).status).toBe(403);
    const { etag } = await admin.administrator.post("/v1/apps", ALPHA);
    const change = (regions: readonly string[]) =>
      admin.administrator.patch<{ code?: string }>("/v1/apps/org.alpha", { regions }, { ifMatch: etag });
    const outcomes = await Promise.all([change(["AA"]), change(["BB"])]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });
});
