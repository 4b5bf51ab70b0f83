// `enks apply` and `enks export-config` against a whole server.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const STATE = makeSigner("310", "v1");
const indented = (text: string, by: number) => text.trimEnd().replaceAll(/^/gm, " ".repeat(by));

const TREE = `
signingKeys: [ours]
locations:
  - name: client
    retention: 336h
    seals:
      - { signingKey: ours, keyId: "262", keyVersion: v1 }
      - { signingKey: ours, keyId: "262", keyVersion: v2, from: +1h }
exports:
  - name: main
    location: client
    region: xx
    includeRegions: []
    excludeRegions: [zz, yy, ZZ]
    period: 240m
    from: now
    thru: never
sources:
  - name: state
    region: us-wa
    indexUrl: http://127.0.0.1:9/index.txt?access=secret
    baseUrl: http://127.0.0.1:9/
    from: -1d
    trustedKeys:
      - keyId: "310"
        keyVersion: v1
        publicKeyPem: |
${indented(STATE.pem, 10)}
mirrors:
  - name: nation
    location: client
    region: XX
    indexUrl: http://127.0.0.1:9/index.txt
    baseUrl: http://127.0.0.1:9/
    trustedKeys:
      - keyId: "310"
        keyVersion: v1
        until: 2026-12-01
        publicKeyPem: |
${indented(STATE.pem, 10)}
apps:
  - { name: Org.Notify, regions: [us-wa, CA], authorities: [health, abroad] }
authorities:
  - name: health
    iss: gov.wa
    aud: enks
    keys:
      - version: v1
        from: -1d
        publicKeyPem: |
${indented(STATE.pem, 10)}
  - { name: abroad, iss: gov.bc, aud: enks, jwksUrl: "https://bc.example/jwks", statsEnabled: false }
principals:
  - { name: bob, role: auditor }
`;

let world: CliWorld;
let folder: string;
beforeEach(async () => {
  world = await makeCliWorld();
  folder = await mkdtemp(join(tmpdir(), "enks-apply-"));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function fileOf(text: string): Promise<string> {
  const file = join(folder, "tree.yaml");
  await writeFile(file, text);
  return file;
}

async function apply(text: string, ...more: string[]) {
  return world.enks(["apply", "-f", await fileOf(text), ...more]);
}

async function tree(): Promise<string> {
  return (await world.enks(["export-config"])).out;
}

test("everything is made in the order in which one needs the other, and a second time there is nothing to do", async () => {
  const first = await apply(TREE, "--yes");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out.match(/^made: .*$/gm)).toEqual([
    "made: signing-key ours",
    "made: location client",
    "made: export main",
    "made: source state",
    "made: mirror nation",
    "made: authority health",
    "made: authority abroad",
    "made: app org.notify",
  ]);
  expect(first.out).toContain("not made without --principals: principal bob");

  world.clock.advance(7_200);
  const before = await tree();
  const second = await apply(TREE, "--yes");
  expect(second).toMatchObject({ code: 0, out: expect.stringContaining("nothing to do\n") });
  expect(second.out).not.toMatch(/[+~] (create|change)/);
  expect(await tree()).toBe(before);
});

test("what was exported is applied as nothing to do, and makes the same server elsewhere", async () => {
  await apply(TREE, "--yes");
  const written = join(folder, "written.yaml");
  expect(await world.enks(["export-config", "-o", written])).toEqual({ code: 0, out: "", err: "" });
  const text = await readFile(written, "utf8");
  expect(text).not.toMatch(/enks_[A-Za-z0-9_-]{20}|PRIVATE|access=secret/);
  expect(await world.enks(["apply", "-f", written])).toMatchObject({
    code: 0,
    out: expect.stringContaining("nothing to do\n"),
  });

  const other = await makeCliWorld();
  try {
    // A token in the query of a URL is not shown, so it has to be filled in again.
    await writeFile(written, text.replace("?hidden", "?access=secret"));
    expect(await other.enks(["apply", "-f", written, "--yes"])).toMatchObject({ code: 0, err: "" });
    expect((await other.enks(["export-config"])).out).toBe(text);
  } finally {
    await other.close();
  }
});

describe("a change", () => {
  test("is shown field by field before it is made", async () => {
    await apply(TREE, "--yes");
    const changed = TREE.replace("retention: 336h", "retention: 15d").replace("until: 2026-12-01", "until: never");
    const dry = await apply(changed, "--dry-run");
    expect(dry.out).toContain('~ change  location client\n    - retention: "14d"\n    + retention: "15d"\n');
    expect(dry.out).toContain(
      '~ change  mirror nation\n    - trustedKeys.0.until: "2026-12-01T00:00:00Z"\n    + trustedKeys.0.until: "never"\n',
    );
    expect(await tree()).toContain("retention: 14d");

    expect(await apply(changed, "--yes")).toMatchObject({ code: 0 });
    expect(await tree()).toContain("retention: 15d");
    expect((await apply(changed)).out).toContain("nothing to do");
  });

  test("of an authority or an app is made as well", async () => {
    await apply(TREE, "--yes");
    const changed = TREE.replace("[us-wa, CA]", "[CA]")
      .replace("[health, abroad]", "[abroad]")
      .replace('"https://bc.example/jwks"', "none")
      .replace("from: -1d\n        publicKeyPem", "until: 2026-12-24\n        publicKeyPem");
    const { code, out } = await apply(changed, "--yes");
    expect(code).toBe(0);
    expect(out.match(/^changed: .*$/gm)).toEqual([
      "changed: authority health",
      "changed: authority abroad",
      "changed: app org.notify",
    ]);
    expect(out).toContain('- regions: ["CA","US-WA"]\n    + regions: ["CA"]\n');
    const text = await tree();
    expect(text).toMatch(/until: 2026-12-24T00:00:00Z\n/);
    expect(text).toMatch(/jwksUrl: none\n/);
    expect(text).toMatch(/regions:\n {6}- CA\n {4}authorities:\n {6}- abroad\n/);
    expect((await apply(changed)).out).toContain("nothing to do");
  });

  test("adds what is new, and takes nothing away that the file no longer names", async () => {
    await apply(TREE, "--yes");
    const seal = '{ signingKey: ours, keyId: "262", keyVersion: v3, from: 2026-12-24 }';
    const added = await apply(`locations: [{ name: client, seals: [${seal}] }]`, "--yes");
    expect(added.out).toContain("changed: location client");
    expect(added.out).toContain("left alone, since the file does not name them: signing-key ours, export main");
    const text = await tree();
    for (const version of ["v1", "v2", "v3"]) expect(text).toContain(`keyVersion: ${version}\n        from:`);
    expect(text).toContain("name: nation");
  });

  test("is asked for on a terminal", async () => {
    const file = await fileOf("signingKeys: [ours]");
    const words = ["apply", "-f", file];
    expect(await world.enks(words, { answers: ["n"] })).toMatchObject({
      code: 1,
      err: `Do this at ${world.admin.url}? [y/N] `,
      out: expect.stringContaining("nothing was done"),
    });
    expect(await world.enks(words)).toMatchObject({ code: 2, err: expect.stringContaining("confirmation_missing") });
    expect(await world.enks(words, { answers: ["y"] })).toMatchObject({
      code: 0,
      out: expect.stringContaining("made: signing-key ours"),
    });
  });

  test("of what cannot change is refused before anything is done", async () => {
    await apply(TREE, "--yes");
    const wrong = TREE.replace("retention: 336h", "linePrefix: a/").replace("[ours]", "[ours, new]");
    const { code, out, err } = await apply(wrong, "--yes");
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error tree_impossible: .*location client/),
    });
    expect(out).toContain("linePrefix cannot change once the location is there");
    expect(await tree()).not.toContain("- new");
  });

  test("that the server refuses ends there, and says what was done", async () => {
    const wrong = TREE.replace("region: us-wa", "region: much-too-long");
    const { code, err } = await apply(wrong, "--yes");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error request_invalid: source state, .*tree\.yaml line 20: sources\.region must be of letters, digits and dashes, at most 5 /,
    );
    expect(err).toContain("Done before it: signing-key ours, location client, export main.");
    expect(await apply(TREE, "--yes")).toMatchObject({ code: 0, out: expect.stringContaining("made: mirror nation") });
  });

  test("of what somebody else changed meanwhile is refused", async () => {
    await apply(TREE, "--yes");
    const file = await fileOf(TREE.replace("retention: 336h", "retention: 20d"));
    const { code, err } = await world.enks(["apply", "-f", file, "--yes"], {
      environment: { ENKS_SERVER: world.admin.url, ENKS_TOKEN: world.admin.administrator.token },
      fetch: async (url, init) => {
        // Between what was read and what is changed.
        if (init?.method === "PATCH") await world.enks(["location", "change", "client", "--grace", "5d", "--yes"]);
        return fetch(url, init);
      },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^error changed_meanwhile: location client, .*tree\.yaml line 4: /);
    expect(await tree()).toContain("retention: 14d\n    grace: 5d");
  });
});

test("principals are made when somebody says so, and their tokens shown this once", async () => {
  const { out } = await apply(TREE, "--yes", "--principals");
  const [, token = ""] = /Token of bob.*\n(enks_\S+)\n/.exec(out) ?? [];
  const asBob = { environment: { ENKS_SERVER: world.admin.url, ENKS_TOKEN: token } };
  expect(await world.enks(["location", "list"], asBob)).toMatchObject({ code: 0 });
  expect((await apply(TREE, "--yes", "--principals")).out).toContain("nothing to do");
  expect((await apply("principals: [{ name: bob, role: operator }]", "--principals")).err).toContain("tree_impossible");
  await world.enks(["principal", "revoke", "bob"]);
  expect(await apply(TREE, "--yes", "--principals")).toMatchObject({
    code: 1,
    out: expect.stringContaining("it was revoked"),
  });
  expect(await tree()).not.toContain("bob");
});

test("the plan and what became of it are there as JSON", async () => {
  const dry = JSON.parse((await apply("signingKeys: [ours]", "--dry-run", "--json")).out);
  expect(dry.items).toMatchObject([{ resource: "signing-key ours", outcome: "create" }]);
  const done = JSON.parse((await apply("signingKeys: [ours]", "--yes", "--json")).out);
  expect(done).toEqual({ done: ["signing-key ours"], tokens: [] });
});

test("a refusal names the line and the field of the file, of parts too", async () => {
  const LONG = "9".repeat(101);
  const early = `${TREE}\n`.replace(
    'keyId: "310"\n        keyVersion: v1\n        until: 2026-12-01',
    `keyId: "${LONG}"\n        keyVersion: v1`,
  );
  const line = early.split("\n").findIndex((text) => text.includes(LONG)) + 1;
  const { code, err } = await apply(early, "--yes");
  expect(code).toBe(1);
  expect(err).toMatch(
    new RegExp(
      `^error request_invalid: mirror nation, .*tree\\.yaml line ${line}: mirrors\\.trustedKeys\\.keyId must `,
    ),
  );
  const added = await apply(
    `locations:\n  - name: client\n    seals:\n      - { signingKey: ours, keyId: "${LONG}", keyVersion: v9, from: +2h }\n`,
    "--yes",
  );
  expect(added.err).toMatch(
    /^error request_invalid: location client, .*tree\.yaml line 4: locations\.seals\.keyId must /,
  );
});

test("JSON says what was done also where that is nothing", async () => {
  const nothing = { done: [], tokens: [] };
  await apply("signingKeys: [ours]", "--yes");
  expect(JSON.parse((await apply("signingKeys: [ours]", "--json")).out)).toEqual(nothing);
  const file = await fileOf("signingKeys: [other]");
  const { code, out } = await world.enks(["apply", "-f", file, "--json"], { answers: ["n"] });
  expect([code, JSON.parse(out)]).toEqual([1, nothing]);
});

test("what was exported as JSON is applied as nothing to do", async () => {
  await apply(TREE, "--yes");
  const { out } = await world.enks(["export-config", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ signingKeys: ["ours"] });
  expect((await apply(out)).out).toContain("nothing to do");
});

test("a file that is no tree is refused with the lines", async () => {
  const { code, err } = await apply("locations:\n  - name: client\n    retenton: 14d\n");
  expect(code).toBe(1);
  expect(err).toContain("line 3: locations.retenton is not known; retention is");
  expect(await world.enks(["apply", "-f", join(folder, "none.yaml")])).toMatchObject({
    code: 1,
    err: expect.stringContaining("input_unreadable"),
  });
  expect(await world.enks(["export-config", "-o", join(folder, "none", "x.yaml")])).toMatchObject({
    code: 1,
    err: expect.stringContaining("output_unwritable"),
  });
});
