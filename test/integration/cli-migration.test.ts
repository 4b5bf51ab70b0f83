// Two organisations exchange bundles and make a plan of them, with the commands alone.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPlan } from "../../src/cli/migration/read-plan.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";

let world: CliWorld;
let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enks-bundles-"));
  world = await makeCliWorld({ publicUrl: "https://keys.example" });
  for (const [name, id] of [
    ["oregon", "US-OR"],
    ["us", "310"],
  ] as const) {
    await world.answer("signing-key", "create", name);
    await world.answer("location", "create", name, "--signing-key", name, "--key-id", id, "--key-version", "v1");
    await world.answer("export", "create", name, "--location", name, "--region", id.slice(0, 5));
  }
  for (const side of ["state", "nation"]) {
    await world.answer("migration", "key", file(`${side}.key`));
    await world.answer(
      "migration",
      "bundle",
      "write",
      file(side),
      "--organisation",
      side,
      "--sign-with",
      file(`${side}.key`),
    );
  }
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

test("a bundle has the addresses and public keys of the server, and shows them once its signature is good", async () => {
  const bundle = await world.answer("migration", "bundle", "read", file("state"), "--key", file("state.key.pub"));
  const { publicKeyPem } = await world.answer<{ publicKeyPem: string }>("signing-key", "public", "oregon");
  expect(bundle).toMatchObject({
    organisation: "state",
    software: "enks 1.2.3",
    trees: [
      {
        name: "oregon",
        indexUrl: "https://keys.example/oregon/index.txt",
        baseUrl: "https://keys.example/oregon",
        regions: ["US-OR"],
        publicKeys: [{ keyId: "US-OR", keyVersion: "v1", publicKeyPem }],
      },
      { name: "us" },
    ],
  });
  expect(JSON.stringify(bundle)).not.toContain("PRIVATE");
  const shown = await world.enks(["migration", "bundle", "read", file("state"), "--key", file("state.key.pub")]);
  expect(shown.out).toMatch(/oregon +US-OR v1 +(?:[0-9a-f]{4} ?){6}\n/);
});

test("a bundle with a changed byte, or of another signer, is refused", async () => {
  const envelope: { payload: string } = JSON.parse(await readFile(file("state"), "utf8"));
  const payload = Buffer.from(envelope.payload, "base64").toString("utf8").replace("keys.example", "keys.exampel");
  const changed = { ...envelope, payload: Buffer.from(payload, "utf8").toString("base64") };
  await writeFile(file("changed"), JSON.stringify(changed));
  const read = (name: string, key: string) =>
    world.enks(["migration", "bundle", "read", file(name), "--key", file(key)]);
  expect((await read("changed", "state.key.pub")).err).toContain("statement_signature_invalid");
  expect((await read("state", "nation.key.pub")).err).toContain("statement_signature_invalid");
});

const signed = (side: string) => [`--${side}`, file(side), `--${side}-key`, file(`${side}.key.pub`)];
const sides = () => [...signed("state"), ...signed("nation")];

test("a plan is made of both bundles, and no URL or key is typed", async () => {
  const words = ["migration", "create", "oregon", ...sides(), "--client", "oregon", "--exports", "us"];
  const made = await world.answer<{ nextSteps: string[] }>(...words, "--out", file("plan.yaml"));
  expect(made.nextSteps).toContain(`enks migration check -f ${file("plan.yaml")}`);
  expect(readPlan(await readFile(file("plan.yaml"), "utf8"), "plan.yaml")).toMatchObject({
    name: "oregon",
    regions: ["US-OR"],
    method: "reseal",
    state: {
      organisation: "state",
      software: "enks",
      client: { name: "state-oregon", publicKeys: [{ keyId: "US-OR" }] },
    },
    nation: { exports: [{ name: "nation-us", indexUrl: "https://keys.example/us/index.txt" }] },
  });
  const again = await world.enks([...words, "--out", file("plan.yaml")]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("output_exists") });
});

test("a tree that the bundle does not have is refused, and names the nearest", async () => {
  const words = ["migration", "create", "oregon", ...sides(), "--client", "oregan", "--exports", "us"];
  const refused = await world.enks([...words, "--out", file("none.yaml")]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("bundle_tree_unknown") });
  expect(refused.err).toContain("oregon");
});
