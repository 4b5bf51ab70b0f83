// A whole guided migration on one server: from the plan to the read-only end, with every way that it must not go.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { DAY, HOUR } from "../../src/core/clock.ts";
import type { MigrationBody } from "../../src/features/migration/admin-schemas.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { MemoryTrees } from "../support/proof/memory-trees.ts";

let world: CliWorld;
let folder: string;
let trees: MemoryTrees;
const file = (name: string) => join(folder, name);

/** What needs two weeks of real trees is waived: other tests have it. */
const WAIVED = ["fresh", "history", "regions", "clocks"].map((check) => ({ check, reason: "a test", by: "Ada" }));

const keyOf = (number: number) => ({
  keyData: new Uint8Array(16).fill(number),
  rollingStart: Math.floor(world.clock.now() / DAY - 3) * 144,
  rollingPeriod: 144,
  transmissionRisk: 1,
  reportType: 1 as const,
  daysSinceOnset: null,
});

function treeOf(name: string) {
  const publicKeys = [{ keyId: "999", keyVersion: "v1", publicKeyPem: trees.publicPem }];
  return { name, indexUrl: `https://${name}.example/index.txt`, baseUrl: `https://${name}.example`, publicKeys };
}

function planNamed(name: string, changes: object = {}) {
  return {
    plan: 1,
    name,
    regions: ["US-OR"],
    soakHours: 24,
    state: { organisation: "Oregon", software: "google", client: treeOf("state") },
    nation: { organisation: "Nation", exports: [treeOf("nation")] },
    waived: WAIVED,
    ...changes,
  };
}

/** Trees answer from memory, the admin API over HTTP. */
const reach = ((url: string | URL, init?: RequestInit) => {
  if (!new URL(url).hostname.endsWith(".example")) return fetch(url, init);
  const bytes = trees.bodies.get(String(url));
  return Promise.resolve(bytes === undefined ? new Response("", { status: 404 }) : new Response(Buffer.from(bytes)));
}) as typeof fetch;

const call = (...words: string[]) => world.enks(["migration", ...words], { fetch: reach });
const status = (name: string) => world.answer<MigrationBody>("migration", "status", name);

async function start(name: string, changes: object = {}) {
  await writeFile(file(`${name}.yaml`), stringify(planNamed(name, changes)));
  const started = await call("start", "-f", file(`${name}.yaml`), "--role", "nation", "--observer", file("ada.pub"));
  expect(started.code, started.err).toBe(0);
}

const prove = (name: string) => call("prove", name, "--sign-with", file("ada"));
const advance = (name: string) => call("advance", name, "--yes");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enks-guided-"));
  world = await makeCliWorld();
  trees = new MemoryTrees();
  for (const key of ["ada", "eve"]) await world.answer("migration", "key", file(key));
  const end = world.clock.now() - DAY;
  await trees.publish("state", [{ line: "1.zip", end, primaries: [keyOf(1), keyOf(2)] }]);
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const nationHas = (...numbers: number[]) =>
  trees.publish("nation", [{ line: "n.zip", end: world.clock.now() - HOUR, primaries: numbers.map(keyOf) }]);

test("a migration goes from state to state by signed evidence alone, and its journal is whole", async () => {
  await nationHas(1);
  await start("oregon");
  expect((await advance("oregon")).err).toContain("migration_evidence_missing");
  const proven = await prove("oregon");
  expect(proven.code, proven.err + proven.out).toBe(0);
  expect((await advance("oregon")).code).toBe(0);

  expect((await prove("oregon")).code, "a key is missing").toBe(1);
  expect((await advance("oregon")).err).toContain("coverage");
  await nationHas(1, 2);
  expect((await prove("oregon")).code).toBe(0);
  expect((await advance("oregon")).code).toBe(0);
  world.clock.advance(2 * HOUR);
  expect((await advance("oregon")).err, "checks are stale after an hour").toContain(
    "checks: the newest one is 2 h old",
  );
  await prove("oregon");
  expect((await advance("oregon")).code).toBe(0);
  expect(await status("oregon")).toMatchObject({ state: "switched", next: "read-only" });

  await prove("oregon");
  expect((await advance("oregon")).err).toContain("the soak time ends in 24 h");
  expect((await call("cancel", "oregon", "--reason", "x", "--yes")).err).toContain("migration_step_refused");
  world.clock.advance(25 * HOUR);
  expect((await advance("oregon")).err).toContain("none was made since the soak time");
  await prove("oregon");
  expect((await advance("oregon")).code).toBe(0);
  expect(await status("oregon")).toMatchObject({ state: "read-only", next: null, needs: [], nextSteps: [] });
  expect((await prove("oregon")).err).toContain("migration_ended");

  const log = JSON.parse((await call("log", "oregon", "--json")).out) as { kind: string; digest: string }[];
  expect(log.filter(({ kind }) => kind === "advanced")).toHaveLength(4);
  expect((await call("log", "oregon", "--head", log[3]?.digest ?? "")).code).toBe(0);
  expect((await call("log", "oregon", "--head", "ab".repeat(32))).err).toContain("journal_broken");
});

test("going back asks for a reason and for new evidence; cancelling keeps the name", async () => {
  await nationHas(1, 2);
  await start("idaho");
  await prove("idaho");
  await advance("idaho");
  const without = await call("back", "idaho", "--reason", "the state asked");
  expect(without).toMatchObject({ code: 2, err: expect.stringContaining("confirmation_missing") });
  expect((await call("back", "idaho", "--reason", "the state asked", "--dry-run")).code).toBe(0);
  expect(await status("idaho")).toMatchObject({ state: "importing" });
  expect((await call("back", "idaho", "--reason", "the state asked", "--yes")).code).toBe(0);
  expect(await status("idaho")).toMatchObject({ state: "planned" });
  expect((await call("back", "idaho", "--reason", "again", "--yes")).err).toContain("migration_step_refused");
  expect((await call("cancel", "idaho", "--reason", "no money", "--yes")).code).toBe(0);
  expect(
    (await call("start", "-f", file("idaho.yaml"), "--role", "state", "--observer", file("ada.pub"))).err,
  ).toContain("migration_exists");
});

test("evidence of a stranger, of another plan, or changed on the way counts for nothing", async () => {
  await start("utah");
  expect((await call("prove", "utah", "--sign-with", file("eve"))).err).toContain("migration_evidence_refused");
  await call("verify", "-f", file("oregon.yaml"), "--report", file("other.json"), "--sign-with", file("ada"));
  expect((await call("evidence", "utah", file("other.json"))).err).toContain("of another plan");
  await call("verify", "-f", file("utah.yaml"), "--report", file("own.json"), "--sign-with", file("ada"));
  expect((await call("evidence", "utah", file("own.json"))).code).toBe(0);
  await writeFile(file("utah.yaml"), stringify(planNamed("utah", { lagHours: 9 })));
  expect((await call("change-plan", "utah", "-f", file("utah.yaml"))).code).toBe(0);
  const { needs } = await status("utah");
  expect(needs, "of the plan before").toMatchObject([{ kind: "checks", outcome: "missing" }]);
});

test("the status names the next steps with commands to copy, and the public key of each tree", async () => {
  await start("nevada", { state: { ...planNamed("x").state, second: treeOf("second") } });
  const { nextSteps } = await status("nevada");
  expect(nextSteps.at(-1)?.command).toBe("enks migration advance nevada");
  const shown = await call("status", "nevada");
  expect(shown.out).toContain("[planned] -> importing -> covered -> switched -> read-only");
  expect((await call("public-key", "nevada", "second", "--out", file("second.pem"))).code).toBe(0);
  expect((await call("public-key", "nevada", "third", "--out", file("third.pem"))).err).toContain("tree_unknown");
});
