// The admin server's own answers, and how it ends.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CodedError } from "../../src/core/coded-error.ts";
import type { AdminRoute } from "../../src/platform/http/admin/admin-route.ts";
import { readRoute } from "../../src/platform/http/admin/admin-route.ts";
import { nothing } from "../../src/platform/http/admin/admin-schemas.ts";
import { type AdminWorld, administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const well = async (): Promise<readonly string[]> => [];

describeOnEachDatabase("the admin listener", (open) => {
  let world: AdminWorld;
  let ready = well;
  let waiting: PromiseWithResolvers<void>;
  let asked: PromiseWithResolvers<void>;

  const slow: AdminRoute = readRoute({
    path: "/v1/slow",
    operationId: "waitForIt",
    tag: "waiting",
    summary: "Answers when it is told to",
    role: "auditor",
    codes: [],
    params: nothing,
    query: nothing,
    answer: nothing,
    read: async () => {
      asked.resolve();
      await waiting.promise;
      return {};
    },
  });

  const start = async (closeTimeoutMilliseconds: number) =>
    startAdminWorld({
      database: await open([administrationMigrations]),
      routes: [slow],
      health: { live: well, ready: () => ready() },
      metrics: async () => "enks_up 1\n",
      closeTimeoutMilliseconds,
    });

  beforeEach(() => {
    ready = well;
    waiting = Promise.withResolvers();
    asked = Promise.withResolvers();
  });
  afterEach(() => world.close());

  describe("health", () => {
    beforeEach(async () => {
      world = await start(1_000);
    });

    test("is well while nothing is wrong", async () => {
      for (const path of ["/health/live", "/health/ready"]) {
        expect(await world.auditor.get(path)).toMatchObject({ status: 200, body: { ok: true, codes: [] } });
      }
    });

    test("says what is wrong by codes, and life differs from readiness", async () => {
      ready = async () => ["database_unreachable"];
      const { status, body } = await world.auditor.get("/health/ready", { token: null });
      expect([status, body]).toEqual([503, { ok: false, codes: ["database_unreachable"] }]);
      expect((await world.auditor.get("/health/live")).status).toBe(200);
    });

    test.each([
      [new CodedError("blob_storage_failed", "the disk of Ada"), "blob_storage_failed"],
      [new Error("secret"), "unexpected"],
    ])("a check that fails is a code as well: %s", async (failure, code) => {
      ready = () => Promise.reject(failure);
      expect((await world.auditor.get("/health/ready")).body).toEqual({ ok: false, codes: [code] });
    });

    test("metrics come in Prometheus' text format", async () => {
      const { headers, body } = await world.auditor.get("/metrics");
      expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      expect(body).toBe("enks_up 1\n");
    });
  });

  describe("closing", () => {
    test("waits for an answer under way", async () => {
      world = await start(60_000);
      const answer = world.auditor.get("/v1/slow");
      await asked.promise;
      const closed = world.close();
      waiting.resolve();
      expect((await answer).status).toBe(200);
      await closed;
      await expect(fetch(`${world.url}/health/live`)).rejects.toThrow("fetch failed");
    });

    test("cuts off what takes longer than it may", async () => {
      world = await start(50);
      const answer = world.auditor.get("/v1/slow");
      await asked.promise;
      const cut = expect(answer).rejects.toThrow();
      await world.close();
      await cut;
      waiting.resolve();
    });
  });
});
