// How commands find their server, what they say when that or the answer is not good, and how they end.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { callEnks } from "../support/fake-terminal.ts";

let world: CliWorld;
let folder: string;
let kept: { ENKS_PROFILES: string };
beforeAll(async () => {
  world = await makeCliWorld();
  folder = await mkdtemp(join(tmpdir(), "enks-cli-"));
  kept = { ENKS_PROFILES: join(folder, "profiles.json") };
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

describe("exit codes", () => {
  test("0 for what is done", async () => {
    expect(await world.enks(["location", "list"])).toEqual({ code: 0, out: "none\n", err: "" });
  });

  test("1 for what the server refuses, with its code, its sentence and its remedy", async () => {
    const { code, out, err } = await world.enks(["export", "show", "none"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^error export_unknown: there is no export "none"\n/);
    const olaf = { environment: { ENKS_SERVER: world.admin.url, ENKS_TOKEN: world.admin.operator.token } };
    expect(await world.enks(["signing-key", "create", "x"], olaf)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error role_insufficient: .+\n.+/),
    });
  });

  test.each<[string, string[]]>([
    ["no such command", ["locations"]],
    ["no such option", ["location", "list", "--all"]],
    ["an argument is missing", ["location", "show"]],
    ["an option is missing", ["principal", "create", "x"]],
    ["no duration", ["location", "change", "client", "--grace", "soon"]],
    ["no instant", ["export", "end", "main", "--thru", "yesterday"]],
    ["no number", ["exposures", "generate", "--regions", "XX", "--persons", "many"]],
    ["no role", ["principal", "create", "x", "--role", "god"]],
  ])("2 where there is %s", async (_, words) => {
    expect(await world.enks(words)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^error: /) });
  });

  test("2 without a server, without a token, and for a token that everybody could read", async () => {
    expect(await callEnks(["status"])).toMatchObject({ code: 2, err: expect.stringContaining("error server_unset: ") });
    const unnamed = await callEnks(["status", "--server", world.admin.url]);
    expect(unnamed).toMatchObject({ code: 2, err: expect.stringMatching(/^error token_missing: .+\n.*ENKS_TOKEN/) });
    const open = await callEnks(["status", "--server", "http://192.0.2.1", "--token", "secret"]);
    expect(open).toMatchObject({ code: 2, err: expect.stringMatching(/^error server_unprotected: .+\n.*--insecure/) });
  });

  test("3 where no server answers, with the URL and the way out", async () => {
    const { code, err } = await callEnks(["status", "--server", "http://127.0.0.1:9", "--token", "secret"]);
    expect(code).toBe(3);
    expect(err).toMatch(/^error server_unreachable: http:\/\/127\.0\.0\.1:9 .+\n.*--server, ENKS_SERVER/);
    expect(err).not.toContain("secret");
  });
});

test("a server that says something else is no admin API", async () => {
  expect(
    await world.enks(["status"], { environment: environment(), fetch: async () => new Response("<html>") }),
  ).toMatchObject({
    code: 1,
    err: expect.stringContaining("error answer_unusable: "),
  });
});

test("the options to reach the server may stand before a command, too", async () => {
  const words = ["--server", world.admin.url, "--token", world.admin.auditor.token, "location", "list"];
  expect(await callEnks(words)).toEqual({ code: 0, out: "none\n", err: "" });
});

describe("enks profile", () => {
  test("keeps servers, and shows no tokens", async () => {
    const { token } = world.admin.auditor;
    const add = (name: string, more: object) =>
      callEnks(["profile", "add", name, "--server", `${world.admin.url}/`], { environment: kept, ...more });
    await add("first", { environment: { ...kept, ENKS_TOKEN: token } });
    expect(await add("asked", { answers: [token] })).toMatchObject({ code: 0, err: `Token for ${world.admin.url}: ` });
    await writeFile(join(folder, "token"), `${token}\n`);
    const words = ["profile", "add", "read", "--server", world.admin.url, "--token-file", join(folder, "token")];
    expect(await callEnks(words, { environment: kept })).toMatchObject({ code: 0 });

    await callEnks(["profile", "use", "read"], { environment: kept });
    const { out } = await callEnks(["profile", "list"], { environment: kept });
    expect(out).toMatch(/read +http:\S+ +the default$/m);
    expect(out).not.toContain(token);
    const { out: json } = await callEnks(["profile", "list", "--json"], { environment: kept });
    expect(JSON.parse(json)).toHaveLength(3);
    expect(json).not.toContain(token);

    for (const more of [[], ["--profile", "asked"]]) {
      expect(await callEnks(["location", "list", ...more], { environment: kept })).toMatchObject({ code: 0 });
    }
    expect(await callEnks(["profile", "remove", "read"], { environment: kept })).toMatchObject({ code: 0 });
    expect(await readFile(kept.ENKS_PROFILES, "utf8")).not.toContain('"read"');
    expect(await callEnks(["profile", "remove", "read"], { environment: kept })).toMatchObject({
      code: 1,
      err: expect.stringContaining("profile_unknown"),
    });
  });

  test("are never replaced unasked", async () => {
    const own = { ENKS_PROFILES: join(folder, "twice.json"), ENKS_TOKEN: "first" };
    const add = (circumstances: object, ...more: string[]) =>
      callEnks(["profile", "add", "x", "--server", "http://127.0.0.1:1", ...more], {
        environment: own,
        ...circumstances,
      });
    const keptNow = async () => JSON.parse(await readFile(own.ENKS_PROFILES, "utf8")) as object;
    expect(await add({})).toMatchObject({ code: 0 });
    const another = { environment: { ...own, ENKS_TOKEN: "second" } };
    for (const answers of [undefined, ["n"]]) {
      const refused = await add({ ...another, ...(answers && { answers }) });
      expect(refused).toMatchObject({ code: 1, out: "", err: expect.stringContaining("error profile_exists: ") });
    }
    expect(await keptNow()).toMatchObject({ profiles: { x: { token: "first" } } });
    const question = 'There is a profile "x" for http://127.0.0.1:1. Replace it? [y/N] ';
    expect(await add({ ...another, answers: ["y"] })).toMatchObject({ code: 0, err: question });
    expect(await keptNow()).toMatchObject({ profiles: { x: { token: "second" } } });
    expect(await add({}, "--replace")).toMatchObject({ code: 0, err: "" });
    expect(await keptNow()).toMatchObject({ profiles: { x: { token: "first" } } });
  });

  test("that are not named in a call are told beside its output", async () => {
    const own = { ENKS_PROFILES: join(folder, "told.json"), ENKS_TOKEN: world.admin.auditor.token };
    const listed = () => callEnks(["location", "list"], { environment: { ...own, ENKS_TOKEN: "" } });
    await callEnks(["profile", "add", "told", "--server", world.admin.url], { environment: own });
    expect(await listed()).toMatchObject({ code: 0, err: `${world.admin.url}, profile told (the only one)\n` });
    await callEnks(["profile", "use", "told"], { environment: own });
    expect(await listed()).toMatchObject({ code: 0, err: `${world.admin.url}, profile told (the default)\n` });
    const named = await callEnks(["--profile", "told", "location", "list"], { environment: own });
    expect(named).toMatchObject({ code: 0, err: "" });
    const status = await callEnks(["status"], { environment: own });
    expect(status).toMatchObject({ err: "", out: expect.stringMatching(`^${world.admin.url}, profile told\n`) });
  });

  test("needs a token from somewhere", async () => {
    const words = ["profile", "add", "x", "--server", world.admin.url];
    expect(await callEnks(words, { environment: kept })).toMatchObject({
      code: 2,
      err: expect.stringContaining("token_missing"),
    });
  });
});

describe("what is mistyped is told with what was meant:", () => {
  test.each<[string, string[], string]>([
    ["a command", ["lcation"], "Did you mean location?"],
    ["a command of a group", ["location", "crate"], "Did you mean create?"],
    ["an option", ["location", "list", "--limt", "3"], "Did you mean --limit?"],
    ["a command to explain", ["help", "location", "crate"], 'Did you mean "create"?'],
    ["a resource", ["signing-key", "public", "meent"], 'Did you mean "meant"?'],
    ["a resource that an option names", ["location", "create", "x", ...seal("meent")], 'Did you mean "meant"?'],
    ["a resource that is like no other", ["signing-key", "public", "entirely-other"], "There are: meant"],
    ["a resource of which there is none", ["mirror", "show", "x"], "There is none yet."],
  ])("%s", async (_, words, told) => {
    await world.enks(["signing-key", "create", "meant"]);
    const { code, err } = await world.enks(words);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(told);
  });
});

test("refusals are told in the words of options", async () => {
  await world.enks(["signing-key", "create", "meant"]);
  const neither = await world.enks(["location", "create", "x", "--key-id", "1", "--key-version", "v1"]);
  expect(neither).toMatchObject({
    code: 1,
    err: expect.stringContaining("Give --signing-key where this server signs"),
  });
  const long = await world.enks([
    "location",
    "create",
    "x",
    "--signing-key",
    "meant",
    "--key-id",
    "9".repeat(101),
    "--key-version",
    "v1",
  ]);
  expect(long.err).toMatch(/^error request_invalid: --key-id: must not have more than 100 /);
  expect(long.err).toContain("`enks location create --help`");
  const region = await world.enks(["export", "create", "x", "--location", "y", "--region", "a b"]);
  expect(region.err).toMatch(/^error request_invalid: --region: /);
  const limit = await world.enks(["location", "list", "--limit", "0"]);
  expect(limit.err).toMatch(/^error request_invalid: --limit: must be >= 1/);
});

test("the program tells its version, and explains commands however deep", async () => {
  expect(await callEnks(["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^enks \d+\.\d+\.\d+\n$/),
  });
  expect(JSON.parse((await callEnks(["--version", "--json"])).out)).toEqual({ version: expect.any(String) });
  const { out } = await callEnks(["help", "location", "create"]);
  expect(out).toBe((await callEnks(["location", "create", "--help"])).out);
  expect(out).toContain("An instant is such as");
  const told = JSON.parse((await callEnks(["help", "location", "create", "--json"])).out) as object;
  expect(told).toMatchObject({ command: "enks location create", arguments: [{ name: "name", required: true }] });
});

function seal(signingKey: string): string[] {
  return ["--signing-key", signingKey, "--key-id", "1", "--key-version", "v1"];
}

describe("enks completion", () => {
  test("asks the server for names", async () => {
    await world.enks(["signing-key", "create", "ours"]);
    await world.enks([
      "location",
      "create",
      "clients",
      "--signing-key",
      "ours",
      "--key-id",
      "1",
      "--key-version",
      "v1",
    ]);
    expect(await complete("location", "show", "")).toEqual(["clients"]);
    expect(await complete("export", "create", "x", "--location", "cl")).toEqual(["clients"]);
    expect(await complete("location", "create", "")).toEqual([]);
  });

  test("is silent where the server does not answer", async () => {
    const away = { environment: { ENKS_SERVER: "http://127.0.0.1:9", ENKS_TOKEN: "x" } };
    expect(await world.enks(["__complete", "location", "show", ""], away)).toEqual({ code: 0, out: "", err: "" });
  });
});

function environment(): Record<string, string> {
  return { ENKS_SERVER: world.admin.url, ENKS_TOKEN: world.admin.administrator.token };
}

/** What a shell is offered behind these words. */
async function complete(...words: string[]) {
  const { out } = await world.enks(["__complete", ...words]);
  return out.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0]]));
}
