// `enks migration` as an auditor calls it: a plan in a file, trees behind URLs, a signed report.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { callEnks } from "../../test/support/fake-terminal.ts";
import { MemoryTrees } from "../../test/support/proof/memory-trees.ts";
import { DAY } from "../core/clock.ts";

const NOW = 1_795_514_400;
let folder: string;
let trees: MemoryTrees;
let plan: string;

const keyOf = (number: number) => ({
  keyData: new Uint8Array(16).fill(number),
  rollingStart: Math.floor(NOW / DAY - 3) * 144,
  rollingPeriod: 144,
  transmissionRisk: 1,
  reportType: 1 as const,
  daysSinceOnset: null,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enks-migration-"));
  trees = new MemoryTrees();
  const days = [3, 2].map((day) => ({ line: `${day}.zip`, end: NOW - day * DAY, primaries: [keyOf(day)] }));
  await trees.publish("state", days);
  await trees.publish("nation", days);
  await trees.publish("poor", days.slice(1));
  plan = join(folder, "plan.yaml");
  await writeFile(plan, planWith("nation"));
});

afterAll(() => rm(folder, { recursive: true }));

function treeOf(name: string) {
  return {
    name,
    indexUrl: `https://${name}.example/index.txt`,
    baseUrl: `https://${name}.example`,
    publicKeys: [{ keyId: "999", keyVersion: "v1", publicKeyPem: trees.publicPem }],
  };
}

function planWith(nation: string): string {
  return stringify({
    plan: 1,
    name: "oregon",
    regions: ["US-OR"],
    state: { organisation: "Oregon", client: treeOf("state") },
    nation: { organisation: "Nation", exports: [treeOf(nation)] },
  });
}

const fromTrees = (async (url: string | URL) => {
  const bytes = trees.bodies.get(String(url));
  return bytes === undefined ? new Response("", { status: 404 }) : new Response(Buffer.from(bytes));
}) as typeof fetch;

const waive = (check: string) => ({ check, reason: "a test", by: "Ada" });
const call = (...words: string[]) => callEnks(["migration", ...words], { fetch: fromTrees });

test("a whole nation is proven, and the signed report opens under the signer's key alone", async () => {
  const [key, other, report] = ["key", "other", "report.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  expect((await call("key", key)).code).toBe(0);
  expect((await call("key", other)).code).toBe(0);
  const verified = await call("verify", "-f", plan, "--report", report, "--sign-with", key);
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("Proven: every key") });
  expect(await call("report", report, "--key", `${key}.pub`)).toMatchObject({
    code: 0,
    out: expect.stringContaining("Proven"),
    err: expect.stringMatching(/^signed by the key with the fingerprint [0-9a-f ]{29}\n$/),
  });
  const { out } = await call("report", report, "--key", `${key}.pub`, "--json");
  expect(JSON.parse(out)).toMatchObject({ kind: "coverage", verdict: "proven" });
  expect(await call("report", report, "--key", `${other}.pub`)).toMatchObject({
    code: 1,
    err: expect.stringContaining("statement_signature_invalid"),
  });
  expect((await readFile(report, "utf8")).includes(Buffer.from(keyOf(3).keyData).toString("hex"))).toBe(false);
});

test("a key that the nation lacks is told by day and archive, and ends with 1", async () => {
  const poor = join(folder, "poor.yaml");
  await writeFile(poor, planWith("poor"));
  const told = await call("verify", "-f", poor);
  expect(told).toMatchObject({ code: 1, out: expect.stringContaining("Not proven") });
  expect(told.out).toMatch(/2026-11-21\s+state\s+3\.zip\s+1\s+0\n/);
  const asJson = await call("verify", "-f", poor, "--json");
  expect(JSON.parse(asJson.out)).toMatchObject({ verdict: "not_proven", places: [{ counts: { missing: 1 } }] });
});

test("a sample is good and says that it is no proof", async () => {
  expect(await call("verify", "-f", plan, "--sample", "1")).toMatchObject({
    code: 0,
    out: expect.stringContaining("This is no proof"),
  });
});

test("neither a key nor a report is ever replaced", async () => {
  const taken = join(folder, "taken");
  await writeFile(taken, "mine");
  expect((await call("key", taken)).err).toContain("output_exists");
  expect((await call("verify", "-f", plan, "--report", taken)).err).toContain("output_exists");
  expect(await readFile(taken, "utf8")).toBe("mine");
});

test("a plan that is none is refused with the lines of what is wrong", async () => {
  const wrong = join(folder, "wrong.yaml");
  await writeFile(wrong, planWith("nation").replace("regions:", "region:").replace("plan: 1", "plan: 2"));
  const { code, err } = await call("verify", "-f", wrong);
  expect(code).toBe(1);
  expect(err).toContain("plan_invalid");
  expect(err).toContain("line 1: plan");
  expect(err).toContain("line 3: region is not known");
  expect(err).toContain("regions is missing");
});

test("the checks of a plan that is not ready end with 1, each with a way out", async () => {
  const told = await call("check", "-f", plan);
  expect(told.code).toBe(1);
  expect(told.out).toMatch(/✗ {2}history +not so: the state's trees reach back/);
  expect(told.out).toMatch(/✓ {2}coverage +every key/);
  expect(told.out).toContain("-> Back-fill the second tree");
  const { isReady, checks } = JSON.parse((await call("check", "-f", plan, "--json")).out);
  expect(isReady).toBe(false);
  expect(checks).toContainEqual(expect.objectContaining({ name: "regions", outcome: "fail" }));
});

test("a plan whose checks are waived is ready", async () => {
  const waived = join(folder, "waived.yaml");
  const checks = ["fresh", "history", "regions"].map(waive);
  await writeFile(waived, planWith("nation") + stringify({ waived: checks }));
  expect(await call("check", "-f", waived)).toMatchObject({
    code: 0,
    out: expect.stringContaining("3 waived, 0 fail"),
  });
  await writeFile(waived, planWith("state") + stringify({ waived: [waive("fresch")] }));
  const { code, err } = await call("check", "-f", waived);
  expect(code).toBe(1);
  expect(err).toContain('another tree is named "state" too');
  expect(err).toContain('no check is named "fresch"');
});

test("a proof that is broken off leaves nothing behind and ends with 130", async () => {
  const pressed = new AbortController();
  const scratch = await mkdtemp(join(folder, "scratch-"));
  const until = (async (url: string | URL) => {
    if (String(url).includes("nation")) pressed.abort();
    return fromTrees(url);
  }) as typeof fetch;
  vi.stubEnv("TMPDIR", scratch);
  try {
    const words = ["migration", "verify", "-f", plan];
    const ended = await callEnks(words, { fetch: until, interruption: pressed.signal });
    expect(ended).toMatchObject({ code: 130, out: "", err: expect.stringContaining("proof_interrupted") });
    expect(await readdir(scratch)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});
