// `enks archive` as users call it: output and exit codes.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withEntry } from "../../test/support/rezip.ts";
import { buildSample, makeSigner } from "../../test/support/sample-archives.ts";
import { addArchiveCommand } from "./archive-command.ts";

const OURS = makeSigner("999", "v1");
let folder: string;
let archive: string;
let pem: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enks-archive-"));
  archive = await put("good.zip", await buildSample([OURS]));
  pem = await put("ours.pem", OURS.pem);
});

afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** Runs the command in this process; the streams are texts. */
async function enks(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const program = new Command("enks")
    .exitOverride()
    .configureOutput({ writeOut: (text) => (texts.out += text), writeErr: (text) => (texts.err += text) });
  addArchiveCommand(program);
  try {
    await program.parseAsync(words, { from: "user" });
    return { code: 0, ...texts };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { code: error.exitCode, ...texts };
  }
}

describe("enks archive inspect", () => {
  test("shows an archive without asking for trust", async () => {
    const { code, out } = await enks("archive", "inspect", archive);
    expect(code).toBe(0);
    expect(out).toContain("2026-11-20T00:00:00Z to 2026-11-20T04:00:00Z");
    expect(out).toContain("primary keys by report type");
  });

  test("shows the same as JSON", async () => {
    const { code, out } = await enks("archive", "inspect", archive, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      region: "XX",
      primaries: { count: 4 },
      revised: { count: 2 },
      refused: { count: 0 },
    });
  });

  test("ends with 1 and the code for what is no archive", async () => {
    const page = await put("page.zip", "<html></html>");
    expect(await enks("archive", "inspect", page)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("archive_not_zip"),
    });
    expect(await enks("archive", "inspect", join(folder, "none.zip"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("input_unreadable"),
    });
  });
});

describe("enks archive verify", () => {
  test("takes a good archive under its name and without one", async () => {
    const named = await enks("archive", "verify", archive, "--key", pem, "--key-id", "999", "--key-version", "v1");
    expect(named).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("verified: 4 primary and 2 revised keys"),
    });
    expect(await enks("archive", "verify", archive, "--key", pem)).toEqual(named);
  });

  test("counts the keys that are of use at an instant", async () => {
    const { out } = await enks("archive", "verify", archive, "--key", pem, "--at", "2026-11-23T06:00:00Z");
    expect(out).toContain("at 2026-11-23T06:00:00Z: 4 primary keys of use, 0 not over yet, 0 too old");
  });

  test.each([
    ["the id alone", ["--key-id", "999"]],
    ["the version alone", ["--key-version", "v1"]],
  ])("takes a name in part: %s", async (_what, words) => {
    expect(await enks("archive", "verify", archive, "--key", pem, ...words)).toMatchObject({ code: 0 });
    const other = words.map((word) => (word.startsWith("--") ? word : ""));
    expect(await enks("archive", "verify", archive, "--key", pem, ...other)).toMatchObject({
      code: 1,
      err: expect.stringContaining("archive_untrusted"),
    });
  });

  test.each([
    ["neither", "", ""],
    ["no version", "310", ""],
    ["no id", "", "v1"],
  ])("takes signers whose name has %s, as such or unasked", async (_what, keyId, keyVersion) => {
    const signer = makeSigner(keyId, keyVersion);
    const file = await put("unnamed.zip", await buildSample([signer]));
    const key = await put("unnamed.pem", signer.pem);
    const named = ["--key-id", keyId, "--key-version", keyVersion];
    expect(await enks("archive", "verify", file, "--key", key)).toMatchObject({ code: 0 });
    expect(await enks("archive", "verify", file, "--key", key, ...named)).toMatchObject({ code: 0 });
    expect(await enks("archive", "verify", file, "--key", key, "--key-id", "9")).toMatchObject({ code: 1 });
    const { out } = await enks("archive", "inspect", file);
    expect(out.includes('signer_without_id: trusted with --key-id ""')).toBe(keyId === "");
    expect(out.includes('signer_without_version: trusted with --key-version ""')).toBe(keyVersion === "");
  });

  test("takes other entries where it is told to", async () => {
    const file = await put("other.zip", withEntry(await buildSample([OURS]), "content.sig"));
    expect(await enks("archive", "verify", file, "--key", pem)).toMatchObject({
      code: 1,
      err: expect.stringContaining("archive_entry_unexpected"),
    });
    const others = ["--other-entries", "content.sig"];
    expect(await enks("archive", "verify", file, "--key", pem, ...others)).toMatchObject({ code: 0 });
    const inspected = await enks("archive", "inspect", file);
    expect(inspected.out).toContain('archive_entry_unexpected "content.sig": taken with --other-entries');
    expect(inspected).toMatchObject({ code: 0, out: expect.stringContaining("primary keys by report type") });
    expect((await enks("archive", "inspect", file, ...others)).out).not.toContain("archive_entry");
  });

  test("says why an archive is not verified", async () => {
    const other = await put("other.pem", makeSigner().pem);
    expect(await enks("archive", "verify", archive, "--key", other)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("archive_signature_invalid"),
    });
    expect(
      await enks("archive", "verify", archive, "--key", pem, "--key-id", "999", "--key-version", "v2"),
    ).toMatchObject({ code: 1, err: expect.stringContaining("archive_untrusted") });
  });

  test("refuses what is no public key, and says what to give", async () => {
    const { code, err } = await enks("archive", "verify", archive, "--key", archive);
    expect(code).toBe(1);
    expect(err).toMatch(/public_key_invalid: .*\n.*-----BEGIN PUBLIC KEY-----/);
  });

  test.each([
    ["no instant", ["--at", "yesterday"]],
    ["a day that does not exist", ["--at", "2026-13-01T00:00:00Z"]],
  ])("ends with 2 for %s", async (_what, words) => {
    expect(await enks("archive", "verify", archive, "--key", pem, ...words)).toMatchObject({ code: 2, out: "" });
  });
});
