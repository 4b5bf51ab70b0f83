// The file of profiles.

import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCurrent, profilesFile, readProfiles, removeProfile, saveProfile } from "./profiles.ts";

let root: string;
let files = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "enks-profiles-"));
});
afterAll(() => rm(root, { recursive: true }));

const newFile = () => join(root, `deep-${files++}`, "profiles.json");
const state = { server: "https://state.example", token: "secret" };

test("the first profile is the current one, until another is", async () => {
  const file = newFile();
  await saveProfile(file, "state", state);
  await saveProfile(file, "nation", { server: "https://nation.example", token: "other" });
  expect((await readProfiles(file)).current).toBe("state");
  await makeCurrent(file, "nation");
  expect(await readProfiles(file)).toEqual({
    current: "nation",
    byName: { state, nation: { server: "https://nation.example", token: "other" } },
  });
  await removeProfile(file, "nation");
  expect(await readProfiles(file)).toEqual({ current: null, byName: { state } });
});

test("only its owner can read the file, and nothing else is left in the folder", async () => {
  const file = newFile();
  await saveProfile(file, "state", state);
  await saveProfile(file, "state", state);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(file, ".."))).toEqual(["profiles.json"]);
});

test("a file that others can read is refused, since it has tokens in it", async () => {
  const file = newFile();
  await saveProfile(file, "state", state);
  await chmod(file, 0o640);
  await expect(readProfiles(file)).rejects.toMatchObject({
    code: "profiles_unusable",
    remedy: expect.stringContaining("chmod 600"),
  });
});

test.each(["{", "[]", "{}", '{"profiles":{"a":{}}}', '{"current":1,"profiles":{}}'])(
  "a file with %s is refused and stays as it is",
  async (text) => {
    const file = join(root, `bad-${files++}.json`);
    await writeFile(file, text, { mode: 0o600 });
    await expect(saveProfile(file, "state", state)).rejects.toMatchObject({ code: "profiles_unusable" });
    expect(await readFile(file, "utf8")).toBe(text);
  },
);

test("no file means no profiles", async () => {
  expect(await readProfiles(newFile())).toEqual({ current: null, byName: {} });
  await expect(makeCurrent(newFile(), "state")).rejects.toMatchObject({ code: "profile_unknown" });
});

test.each(["", "a b", "../x", "__proto__", "constructor"])('no profile can be named "%s"', async (name) => {
  await expect(saveProfile(newFile(), name, state)).rejects.toMatchObject({ code: "profile_invalid" });
});

test("a folder where the file should be is said", async () => {
  await expect(readProfiles(root)).rejects.toMatchObject({ code: "profiles_unusable" });
});

test("the file is where ENKS_PROFILES says, or in the home folder", () => {
  expect(profilesFile({ environment: { ENKS_PROFILES: "/x" }, homeFolder: "/home/me" })).toBe("/x");
  expect(profilesFile({ environment: {}, homeFolder: "/home/me" })).toBe("/home/me/.config/enks/profiles.json");
});
