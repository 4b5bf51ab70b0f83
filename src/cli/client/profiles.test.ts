// The file of profiles.

import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findProfile, makeCurrent, profilesFile, readProfiles, removeProfile, saveProfile } from "./profiles.ts";

let root: string;
let files = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "enks-profiles-"));
});
afterAll(() => rm(root, { recursive: true }));

const newFile = () => join(root, `deep-${files++}`, "profiles.json");
const state = { server: "https://state.example", token: "secret" };

test("no profile is the default until it is chosen", async () => {
  const file = newFile();
  await saveProfile(file, "state", state);
  await saveProfile(file, "nation", { server: "https://nation.example", token: "other" });
  expect((await readProfiles(file)).current).toBeNull();
  expect(await makeCurrent(file, "nation")).toMatchObject({ server: "https://nation.example" });
  expect(await readProfiles(file)).toEqual({
    current: "nation",
    byName: { state, nation: { server: "https://nation.example", token: "other" } },
  });
  await removeProfile(file, "nation");
  expect(await readProfiles(file)).toEqual({ current: null, byName: { state } });
});

test("a profile is never replaced unless that is asked for", async () => {
  const file = newFile();
  const other = { server: "https://other.example", token: "other" };
  await saveProfile(file, "state", state);
  await expect(saveProfile(file, "state", other)).rejects.toMatchObject({
    code: "profile_exists",
    message: expect.stringContaining("https://state.example"),
    remedy: expect.stringContaining("enks profile remove state"),
  });
  expect(await findProfile(file, "state")).toEqual(state);
  await saveProfile(file, "state", other, { mayReplace: true });
  expect(await findProfile(file, "state")).toEqual(other);
  expect(await findProfile(file, "toString")).toBeNull();
});

test("only its owner can read the file, and nothing else is left in the folder", async () => {
  const file = newFile();
  await saveProfile(file, "state", state);
  await saveProfile(file, "nation", state);
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

test.each<[string, Record<string, string>, string]>([
  ["ENKS_PROFILES says", { ENKS_PROFILES: "/x", XDG_CONFIG_HOME: "/conf" }, "/x"],
  ["XDG_CONFIG_HOME says", { XDG_CONFIG_HOME: "/conf" }, "/conf/enks/profiles.json"],
  [
    "the home folder is, where XDG_CONFIG_HOME is relative",
    { XDG_CONFIG_HOME: "conf" },
    "/home/me/.config/enks/profiles.json",
  ],
  [
    "the home folder is, where XDG_CONFIG_HOME is empty",
    { XDG_CONFIG_HOME: "" },
    "/home/me/.config/enks/profiles.json",
  ],
  ["the home folder is", {}, "/home/me/.config/enks/profiles.json"],
])("the file is where %s", (_, environment, file) => {
  expect(profilesFile({ environment, homeFolder: "/home/me" })).toBe(file);
});
