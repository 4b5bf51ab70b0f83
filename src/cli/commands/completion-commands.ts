// `enks completion`: what a shell loads, and what it then asks at every press of the tab key.

import { Argument, type Command } from "commander";
import { createAdminClient } from "../client/admin-client.ts";
import { chooseServer, requireChosen, type ServerFlags } from "../client/choose-server.ts";
import { profilesFile, readProfiles } from "../client/profiles.ts";
import { completeWords, startingWith } from "../completion/complete-words.ts";
import { NAMED_LISTS, type NamedList } from "../completion/named-lists.ts";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "../completion/shell-scripts.ts";
import { jsonText, plainText } from "../output/plain-text.ts";
import { addJsonOption } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

/** Nobody waits longer for names. */
const PATIENCE_MILLISECONDS = 2_000;

export function addCompletionCommands(program: Command, surroundings: Surroundings): void {
  const { terminal } = surroundings;
  addJsonOption(program.command("completion"))
    .description("print the script with which a shell completes commands and names; its first line says how to load it")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: Shell, { json }: { readonly json?: true }) => {
      const script = SHELL_SCRIPTS[shell];
      terminal.write(json ? jsonText({ shell, script }) : script);
    });

  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { candidates, names } = completeWords(program, words);
      const found = names === null ? [] : await readNames(names, words, surroundings);
      const all = [...candidates, ...startingWith(words.at(-1) ?? "", found)];
      terminal.write(all.map(({ word, description }) => `${word}\t${description}\n`).join(""));
    });
}

/** None where the server does not answer: a shell has nobody to tell. */
async function readNames(list: NamedList, words: readonly string[], surroundings: Surroundings) {
  try {
    const names = await (list === "profile" ? profileNames(surroundings) : resourceNames(list, words, surroundings));
    return names.filter((name) => plainText(name) === name).map((word) => ({ word, description: "" }));
  } catch {
    return [];
  }
}

async function profileNames(surroundings: Surroundings): Promise<string[]> {
  return Object.keys((await readProfiles(profilesFile(surroundings))).byName);
}

async function resourceNames(
  list: keyof typeof NAMED_LISTS,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<string[]> {
  const { environment, fetch } = surroundings;
  const access = await chooseServer(flagsIn(words), environment, () => readProfiles(profilesFile(surroundings)));
  const timeoutMilliseconds = PATIENCE_MILLISECONDS;
  const client = createAdminClient({
    ...access,
    fetch,
    timeoutMilliseconds,
    requireChosen: () => requireChosen(access),
  });
  return (await client.list<{ name: string }>(NAMED_LISTS[list])).map(({ name }) => name);
}

function flagsIn(words: readonly string[]): ServerFlags {
  const valueOf = (flag: string) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
  const [server, token, profile] = [valueOf("--server"), valueOf("--token"), valueOf("--profile")];
  return {
    ...(server === undefined ? {} : { server }),
    ...(token === undefined ? {} : { token }),
    ...(profile === undefined ? {} : { profile }),
    insecure: words.includes("--insecure"),
  };
}
