// `enks status` against a whole server: what people see, and what it ends with.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StatusBody } from "../../src/app/status/status-schemas.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";

const SCREEN = { columns: 140, rows: 60 };
const SEAL = ["--signing-key", "ours", "--key-id", "262", "--key-version", "v1"];
const STATE = ["--index-url", "http://127.0.0.1:9/state/index.txt", "--base-url", "http://127.0.0.1:9/state/"];

let world: CliWorld;
beforeAll(async () => {
  world = await makeCliWorld();
  for (const words of [
    ["signing-key", "create", "ours"],
    ["location", "create", "client", ...SEAL],
    ["export", "create", "main", "--location", "client", "--region", "US"],
    ["source", "add", "state", "--region", "XX", ...STATE],
  ]) {
    await world.enks(words);
  }
});
afterAll(() => world.close());

test("says what survives, how each part is doing and why, and draws what flows where", async () => {
  const { code, out } = await world.enks(["status"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\nenks 1\.2\.3, up \d+ s: import\nembedded database: survives a killed process/,
  );
  expect(out).toContain("│ 127.0.0.1:9 │────▶│ state   │────▶│ all keys   │────▶│ main    │────▶│ client    │");
  expect(out).toMatch(/^ {2}client +healthy +- /m);
  expect(out).toMatch(/^ {2}main +healthy +- +client /m);
  expect(out).toMatch(/^ {2}state +late +source_trusts_nobody +XX /m);
  expect(out).toContain("1 late, ");
});

test("prints the API's answer as it is", async () => {
  const body = await world.answer<StatusBody>("status");
  expect(body).toEqual((await world.admin.auditor.get("/v1/status")).body);
});

/** A server whose status is broken, whatever it is. */
const fetchBroken: typeof fetch = async (url, init) => {
  const response = await fetch(url, init);
  return Response.json({ ...((await response.json()) as StatusBody), freshness: "broken" });
};

test("--check ends with 1 where a part is broken, and only there", async () => {
  expect((await world.enks(["status", "--check"])).code).toBe(0);
  const environment = { ENKS_SERVER: world.admin.url, ENKS_TOKEN: world.admin.auditor.token };
  expect((await world.enks(["status", "--check"], { fetch: fetchBroken, environment })).code).toBe(1);
  expect((await world.enks(["status"], { fetch: fetchBroken, environment })).code).toBe(0);
});

describe("--watch", () => {
  test("draws over the same place on a screen until it is interrupted, with a trend from the second look on", async () => {
    const { code, out } = await world.enks(["status", "--watch"], { screen: SCREEN, interruptAt: 3 });
    expect(code).toBe(0);
    expect(out.split("\u001B[H")).toHaveLength(4);
    expect(out.match(/keys imported {2}▁+ {2}0/g)).toHaveLength(2);
    expect(out.endsWith("\u001B[?25h")).toBe(true);
  });

  test("appends elsewhere", async () => {
    const { out } = await world.enks(["status", "--watch", "--every", "5s"], { interruptAt: 2 });
    expect(out.match(/^enks 1\.2\.3/gm)).toHaveLength(2);
    expect(out).not.toContain("\u001B");
  });

  test("waits for a server that goes away, and ends where it is refused", async () => {
    let questions = 0;
    const away: typeof fetch = async (url, init) => {
      if (++questions === 2) throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      return fetch(url, init);
    };
    const environment = { ENKS_SERVER: world.admin.url, ENKS_TOKEN: world.admin.auditor.token };
    const { code, out } = await world.enks(["status", "--watch"], { fetch: away, environment, interruptAt: 3 });
    expect(code).toBe(0);
    expect(out).toContain("error server_unreachable: ");
    expect(out.match(/^enks 1\.2\.3/gm)).toHaveLength(2);

    const stranger = { ENKS_SERVER: world.admin.url, ENKS_TOKEN: "enks_nobody" };
    expect(await world.enks(["status", "--watch"], { environment: stranger, interruptAt: 3 })).toMatchObject({
      code: 1,
    });
  });
});
