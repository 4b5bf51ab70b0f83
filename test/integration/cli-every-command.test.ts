// Every command of the program: JSON on request, exit codes, errors as JSON, and defaults that the server accepts.

import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { nodeSurroundings } from "../../src/cli/node-surroundings.ts";
import { createProgram, LARGE } from "../../src/cli/program.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { CALLED_ELSEWHERE, everyCall } from "../support/every-command.ts";
import { callEnks } from "../support/fake-terminal.ts";
import { makeSigner, sampleKeys } from "../support/sample-archives.ts";

const NOWHERE = "http://127.0.0.1:9";
const PLACES = {
  folder: "FOLDER",
  pem: "PEM",
  privatePem: "PRIVATE",
  archive: "ARCHIVE",
  tree: "TREE",
  publicUrl: NOWHERE,
  transfer: "TRANSFER",
  recipient: "RECIPIENT",
};
/** The words, before a world has filled their places. */
const CALLS = everyCall(PLACES);

let world: CliWorld;
let folder: string;
let environment: Record<string, string>;
let filled: ReadonlyMap<string, string>;
beforeAll(async () => {
  world = await makeCliWorld({ runsJobs: () => true });
  folder = await mkdtemp(join(tmpdir(), "enks-every-"));
  environment = {
    ENKS_PROFILES: join(folder, "profiles.json"),
    ENKS_SERVER: world.admin.url,
    ENKS_TOKEN: world.admin.administrator.token,
  };
  const { signer, pem } = makeSigner("310", "v1");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const privatePem = privateKey.export({ type: "sec1", format: "pem" });
  const window = { start: 1_795_500_000, end: 1_795_514_400, region: "XX" };
  const content = { ...window, primaries: sampleKeys(3), revised: KeyBatch.empty, signers: [signer] };
  const { bytes } = await buildArchive(content, nodeArchiveTools);
  const fileOf = async (name: string, text: string | Uint8Array) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const { publicKey } = await world.answer<{ publicKey: string }>("token-key", "recipient");
  const other = await makeCliWorld();
  await other.server.revision.prepareSealing(other.clock.now());
  const { transfer } = await other.answer<{ transfer: string }>("token-key", "export", "--for", publicKey);
  await other.close();
  await world.server.revision.prepareSealing(world.clock.now());
  filled = new Map([
    [PLACES.folder, folder],
    [PLACES.pem, await fileOf("key.pem", pem)],
    [PLACES.privatePem, await fileOf("private.pem", privatePem)],
    [PLACES.archive, await fileOf("archive.zip", bytes)],
    [PLACES.tree, await fileOf("tree.yaml", "signingKeys: [another]\n")],
    [PLACES.transfer, await fileOf("transfer.txt", transfer)],
    [PLACES.recipient, publicKey],
  ]);
}, 180_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** Runs in this process, with JSON asked for; what goes past the terminal is not looked at. */
async function call(command: string, words: readonly string[], more: Record<string, string> = {}) {
  const given = words.map((word) => {
    const place = [...filled.keys()].find((one) => word.startsWith(one));
    return place === undefined ? word : word.replace(place, filled.get(place) ?? "");
  });
  const { clock } = world;
  return callEnks([...command.split(" "), ...given, "--json"], { clock, environment: { ...environment, ...more } });
}

/** By a profile that is the only one. */
async function withOnlyOne(command: string, words: readonly string[]) {
  const file = join(folder, "only.json");
  const byName = { only: { server: world.admin.url, token: world.admin.administrator.token } };
  await writeFile(file, JSON.stringify({ current: null, profiles: byName }), { mode: 0o600 });
  return call(command, words, { ENKS_PROFILES: file, ENKS_SERVER: "", ENKS_TOKEN: "" });
}

function errorIn(text: string): unknown {
  return (JSON.parse(text) as { readonly error: unknown }).error;
}

const commandOf = ({ command }: { readonly command: string }) => command;

describe("called with what it requires and no more, it ends well, and prints JSON:", () => {
  test.each(CALLS.filter(({ command }) => command !== "simulate"))("enks $command", async (one) => {
    const { code, out, err } = await call(one.command, one.words);
    if (one.refusedWith !== undefined) {
      expect([code, errorIn(err)]).toMatchObject([1, { code: one.refusedWith, remedy: expect.any(String) }]);
      return;
    }
    expect({ code, err }).toEqual({ code: one.code ?? 0, err: "" });
    const documents = one.command === "upload" ? out.trimEnd().split("\n") : [out];
    for (const text of documents) expect(() => JSON.parse(text) as unknown, text).not.toThrow();
    if (["job run", "mirror end"].includes(one.command)) world.clock.advance(60);
  });
});

describe("misused, it ends with 2, and says so in JSON:", () => {
  test.each(CALLS)("enks $command", async ({ command, words }) => {
    const { code, out, err } = await call(command, [...words, "--no-such-option"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const told = {
      code: "command_misused",
      message: expect.stringContaining("--no-such-option"),
      remedy: expect.any(String),
    };
    expect(errorIn(err)).toMatchObject(told);
  });

  test.each(["location", "location lst", "lcation", "help locatoin"])("enks %s", async (command) => {
    const { code, err } = await call(command, []);
    expect(code).toBe(2);
    expect(errorIn(err)).toMatchObject({ code: "command_misused", remedy: expect.any(String) });
  });
});

describe("without an answer from its server it ends with 3:", () => {
  test.each(CALLS.filter(({ asks }) => asks))("enks $command", async ({ command, words }) => {
    const { code, out, err } = await call(command, words, { ENKS_SERVER: NOWHERE });
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(errorIn(err)).toMatchObject({ code: "server_unreachable" });
  });
});

describe("refused by its server it ends with 1:", () => {
  test.each(CALLS.filter(({ asks }) => asks))("enks $command", async ({ command, words }) => {
    const { code, out, err } = await call(command, words, { ENKS_TOKEN: "enks_unknown" });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errorIn(err)).toMatchObject({ code: "token_unknown" });
  });
});

describe("with a profile that was not chosen for changes", () => {
  test.each(CALLS.filter(({ changes }) => changes))("enks $command changes nothing", async ({ command, words }) => {
    const { code, err } = await withOnlyOne(command, words);
    expect(code).toBe(2);
    expect(errorIn(err)).toMatchObject({ code: "profile_unchosen", remedy: expect.stringContaining("--profile only") });
  });

  test.each(CALLS.filter(({ asks, changes }) => asks && !changes))("enks $command reads", async (one) => {
    const { err } = await withOnlyOne(one.command, one.words);
    expect(err).not.toContain("profile_unchosen");
  });
});

test("every command is called here, or its own test looks at its JSON", async () => {
  const program = await createProgram(
    nodeSurroundings(),
    LARGE.map(({ name }) => name),
  );
  const leaves = (command: Command, path: readonly string[]): string[] =>
    command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => path.length === 0 || one.name() !== "help")
      .flatMap((one) =>
        one.commands.length > 0 ? leaves(one, [...path, one.name()]) : [[...path, one.name()].join(" ")],
      );
  expect([...CALLS.map(commandOf), ...CALLED_ELSEWHERE].sort()).toEqual(leaves(program, []).sort());
});
