// The tree of all commands: each can be understood from its help, and completed.

import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { callEnks } from "../../test/support/fake-terminal.ts";
import { completeWords } from "./completion/complete-words.ts";
import { createProgram, LARGE } from "./program.ts";
import type { Surroundings } from "./surroundings.ts";

const surroundings: Surroundings = {
  terminal: {
    write() {},
    writeError() {},
    writeDocument() {},
    screen: () => null,
    hasErrorScreen: false,
    ask: async () => null,
  },
  clock: { now: () => 0 },
  environment: {},
  homeFolder: "/nowhere",
  fetch,
  pause: async () => {},
  interruption: () => new AbortController().signal,
};
const program = await createProgram(surroundings, []);

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

test("every command and every option says what it is for", () => {
  const commands = commandsBelow(program).filter((command) => command.name() !== "__complete");
  expect(commands.length).toBeGreaterThan(50);
  for (const command of commands) {
    expect(command.description(), command.name()).not.toBe("");
    for (const { flags, description } of command.options)
      expect(description, `${command.name()} ${flags}`).not.toBe("");
  }
});

test.each(LARGE.map(({ name }) => name))("%s, whose code is loaded later, is described alike before", async (name) => {
  const described = (tree: Command) => tree.commands.find((command) => command.name() === name)?.description();
  const loaded = await createProgram(surroundings, [name]);
  expect(described(program)).toBe(described(loaded));
  expect(loaded.commands.length).toBe(program.commands.length);
});

test("every command that asks a server can be told which one, and print JSON", async () => {
  const { out } = await callEnks(["export", "create", "--help"]);
  for (const option of ["--server <url>", "--token <token>", "--profile <name>", "--json", "--period <duration>"]) {
    expect(out).toContain(option);
  }
});

test("help is good, and no command is misuse", async () => {
  expect(await callEnks(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("export-config") });
  expect(await callEnks(["help", "location"])).toMatchObject({ code: 0, out: expect.stringContaining("rotate") });
  expect(await callEnks([])).toMatchObject({ code: 2 });
  expect(await callEnks(["location"])).toMatchObject({ code: 2 });
});

describe("a shell is offered", () => {
  test.each<[string, string[], string[]]>([
    ["commands", ["sig"], ["signing-key"]],
    ["commands of a group", ["location", "a"], ["adopt", "archives"]],
    ["commands behind options with their values", ["--server", "http://x", "location", "ro"], ["rotate"]],
    ["options", ["location", "rotate", "x", "--key-"], ["--key-id", "--key-version"]],
    ["what an option can be", ["principal", "create", "x", "--role", "a"], ["auditor", "administrator"]],
    ["what an argument can be", ["completion", ""], ["bash", "zsh", "fish"]],
    ["nothing where nobody knows", ["location", "rotate", "x", "--key-id", ""], []],
    ["nothing behind what is not known", ["nonsense", "location", "x"], []],
  ])("%s", (_, words, candidates) => {
    expect(offered(...words)).toEqual({ words: candidates, names: null });
  });

  test.each<[string, string[]]>([
    ["location", ["location", "show", ""]],
    ["location", ["export", "create", "x", "--location", ""]],
    ["signing-key", ["location", "create", "x", "--signing-key", ""]],
    ["job", ["job", "run", ""]],
    ["profile", ["profile", "use", ""]],
    ["profile", ["--profile", ""]],
  ])("names of a %s: %j", (names, words) => {
    expect(offered(...words)).toEqual({ words: [], names });
  });

  test("no names of what is about to be made", () => {
    expect(offered("location", "create", "")).toEqual({ words: [], names: null });
  });
});

function offered(...words: string[]) {
  const { candidates, names } = completeWords(program, words);
  return { words: candidates.map(({ word }) => word), names };
}
