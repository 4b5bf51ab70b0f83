// Which server is asked, and with which token.

import { describe, expect, test } from "vitest";
import { chooseServer, requireChosen, type ServerFlags } from "./choose-server.ts";
import type { Profiles } from "./profiles.ts";

const profiles: Profiles = {
  current: "state",
  byName: {
    state: { server: "https://state.example", token: "of-state" },
    nation: { server: "https://nation.example", token: "of-nation" },
  },
};

function choose(flags: ServerFlags, environment: Record<string, string> = {}, kept: Profiles = profiles) {
  return chooseServer(flags, environment, async () => kept);
}

describe("the server is", () => {
  test.each<[string, ServerFlags, Record<string, string>, string, string]>([
    ["the current profile's where nothing is said", {}, {}, "state", "of-state"],
    ["that of a named profile", { profile: "nation" }, {}, "nation", "of-nation"],
    ["that of the profile in the environment", {}, { ENKS_PROFILE: "nation" }, "nation", "of-nation"],
    ["the environment's", {}, { ENKS_SERVER: "https://env.example", ENKS_TOKEN: "of-env" }, "env", "of-env"],
    [
      "a named profile's, whatever the environment says",
      { profile: "state" },
      { ENKS_SERVER: "https://env.example" },
      "state",
      "of-state",
    ],
    [
      "that of the option",
      { server: "https://flag.example", token: "given" },
      { ENKS_SERVER: "https://env.example" },
      "flag",
      "given",
    ],
    [
      "another one under the token of a profile that was named",
      { server: "https://flag.example", profile: "state" },
      {},
      "flag",
      "of-state",
    ],
    ["the profile's with another token", { token: "given" }, {}, "state", "given"],
  ])("%s", async (_, flags, environment, server, token) => {
    expect(await choose(flags, environment)).toMatchObject({ server: `https://${server}.example`, token });
  });
});

describe("how it came to be asked is known, and whether it may be changed:", () => {
  const { state, nation } = profiles.byName;
  const one: Profiles = { current: null, byName: state === undefined ? {} : { state } };
  const two: Profiles = { current: null, byName: { ...one.byName, ...(nation === undefined ? {} : { nation }) } };

  test.each<[string, ServerFlags, Record<string, string>, Profiles, string | null, string, boolean]>([
    ["a named profile", { profile: "state" }, {}, one, "state", "named", true],
    ["the environment's profile", {}, { ENKS_PROFILE: "state" }, two, "state", "named", true],
    ["the default that was chosen", {}, {}, profiles, "state", "default", true],
    ["a URL", { server: "https://a.example", token: "t" }, {}, one, null, "url", true],
    ["the environment's URL", {}, { ENKS_SERVER: "https://a.example", ENKS_TOKEN: "t" }, one, null, "url", true],
    ["the only profile, which was not chosen", {}, {}, one, "state", "only", false],
  ])("%s", async (_, flags, environment, kept, profile, choice, mayChange) => {
    const chosen = await choose(flags, environment, kept);
    expect(chosen).toMatchObject({ profile, choice });
    if (mayChange) expect(() => requireChosen(chosen)).not.toThrow();
    else expect(() => requireChosen(chosen)).toThrow(expect.objectContaining({ code: "profile_unchosen" }));
  });

  test("of several profiles none is taken", async () => {
    const refused = { code: "server_unset", message: expect.stringContaining("state, nation") };
    await expect(choose({}, {}, two)).rejects.toMatchObject(refused);
  });

  test("a mistyped profile is told with the one that was meant", async () => {
    const meant = { code: "profile_unknown", remedy: expect.stringContaining('Did you mean "nation"?') };
    await expect(choose({ profile: "natoin" })).rejects.toMatchObject(meant);
  });
});

test("the token of a profile is not sent to a server that was named otherwise", async () => {
  await expect(choose({ server: "https://flag.example" })).rejects.toMatchObject({ code: "token_missing" });
});

test.each<[string, ServerFlags]>([
  ["profile_unknown", { profile: "nobody" }],
  ["profile_unknown", { profile: "__proto__" }],
  ["server_url_invalid", { server: "state", token: "t" }],
  ["server_unprotected", { server: "http://state.example", token: "t" }],
])("%s", async (code, flags) => {
  await expect(choose(flags)).rejects.toMatchObject({ code });
});

test("a token goes without the line end that a file left behind it", async () => {
  const environment = { ENKS_SERVER: "https://env.example", ENKS_TOKEN: "of-env\r\n" };
  expect(await choose({}, environment)).toMatchObject({ server: "https://env.example", token: "of-env" });
});

test.each(["", "  ", "secret\nsecret", "secret secret", "s\u00e9cret"])(
  "the token %j is refused without being repeated",
  async (token) => {
    const refused = expect.objectContaining({ code: "token_missing", message: expect.not.stringContaining("cret") });
    await expect(choose({ server: "https://a.example", token })).rejects.toEqual(refused);
  },
);

test("plain http to another machine can be meant", async () => {
  const chosen = await choose({ server: "http://state.example", token: "t", insecure: true });
  expect(chosen.server).toBe("http://state.example");
});

test("without any server the way out is said", async () => {
  await expect(choose({}, {}, { current: null, byName: {} })).rejects.toMatchObject({
    code: "server_unset",
    remedy: expect.stringContaining("--server"),
  });
});
