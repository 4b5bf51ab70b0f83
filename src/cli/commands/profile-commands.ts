// `enks profile`: servers and tokens under names, in a file of the user's own.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { AdminErrorCode } from "../../platform/http/admin/admin-error.ts";
import {
  findProfile,
  makeCurrent,
  profileExists,
  profilesFile,
  readProfiles,
  removeProfile,
  saveProfile,
} from "../client/profiles.ts";
import { checkServerUrl, requireProtection } from "../client/server-url.ts";
import { confirm } from "../output/confirm.ts";
import { jsonText } from "../output/plain-text.ts";
import { readText } from "../read-text.ts";
import { type Column, renderTable } from "../render-table.ts";
import { addJsonOption, endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface AddFlags {
  readonly server: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly insecure?: true;
  readonly replace?: true;
  readonly json?: true;
}

interface JsonFlag {
  readonly json?: true;
}

interface ListedProfile {
  readonly name: string;
  readonly server: string;
  /** Whether `enks profile use` chose it. */
  readonly current: boolean;
}

const COLUMNS: readonly Column<ListedProfile>[] = [
  { title: "name", value: ({ name }) => name, whole: true },
  { title: "server", value: ({ server }) => server, whole: true },
  { title: "", value: ({ current }) => (current ? "the default" : "") },
];

export function addProfileCommands(program: Command, surroundings: Surroundings): void {
  const { terminal } = surroundings;
  const group = program
    .command("profile")
    .description("profiles: servers and tokens under names, in a file that only you can read");
  const file = profilesFile(surroundings);
  const tell = (flags: JsonFlag, what: object, text: string) =>
    terminal.write(flags.json ? jsonText(what) : `${text}\n`);

  const list = addJsonOption(group.command("list").description("list all profiles, without their tokens"));
  list.action((flags: JsonFlag) =>
    endWithCode(async () => {
      const { current, byName } = await readProfiles(file);
      const rows = Object.entries(byName).map(([name, { server }]) => ({ name, server, current: name === current }));
      if (flags.json) return terminal.write(jsonText(rows));
      terminal.write(rows.length === 0 ? "none\n" : renderTable(COLUMNS, rows, terminal.screen()?.columns));
    }),
  );

  const add = addJsonOption(group.command("add"))
    .description("keep a server and a token under a name, for --profile")
    .argument("<name>", "the profile's name")
    .requiredOption("--server <url>", "URL of the server's admin listener, such as http://127.0.0.1:8081")
    .option("--token <token>", "its token; other users of this machine can see it here (ENKS_TOKEN; or asked for)")
    .option("--token-file <file>", "file with the token; - reads standard input")
    .option("--insecure", "allow plain http to another machine, which shows the token to everybody on the way")
    .option("--replace", "replace a profile of this name without asking");
  add.action((name: string, flags: AddFlags) =>
    endWithCode(async () => {
      const server = checkServerUrl(flags.server);
      if (flags.insecure !== true) requireProtection(server);
      const mayReplace = flags.replace === true || (await mayReplaceOld(file, name, surroundings));
      await saveProfile(file, name, { server, token: await tokenFrom(flags, server, surroundings) }, { mayReplace });
      tell(flags, { profile: name, server, file }, `kept: profile ${name} for ${server} in ${file}`);
    }),
  );

  const remove = addJsonOption(group.command("remove").description("forget a profile and its token"));
  remove.argument("<name>", "the profile").action((name: string, flags: JsonFlag) =>
    endWithCode(async () => {
      await removeProfile(file, name);
      tell(flags, { profile: name, file }, `forgotten: profile ${name}`);
    }),
  );

  const use = addJsonOption(group.command("use")).description(
    "choose the default profile: for reading and changing where no other one is named",
  );
  use.argument("<name>", "the profile").action((name: string, flags: JsonFlag) =>
    endWithCode(async () => {
      const { server } = await makeCurrent(file, name);
      tell(flags, { profile: name, server, file }, `the default from now on: profile ${name} for ${server}`);
    }),
  );
}

/** Whether there is none of this name, or a person says that it may go. Throws `profile_exists`. */
async function mayReplaceOld(file: string, name: string, { terminal }: Surroundings): Promise<boolean> {
  const old = await findProfile(file, name);
  if (old === null) return false;
  if (await confirm(terminal, `There is a profile "${name}" for ${old.server}. Replace it?`)) return true;
  throw profileExists(name, old);
}

/** Throws `token_missing`, and the codes of reading a file. */
async function tokenFrom(
  { token: flag, tokenFile }: AddFlags,
  server: string,
  { environment, terminal }: Surroundings,
) {
  const read = tokenFile === undefined ? undefined : await readText(tokenFile);
  const given = flag ?? read ?? (environment["ENKS_TOKEN"] || undefined);
  const token = (given ?? (await terminal.ask(`Token for ${server}: `, { isSecret: true })) ?? "").trim();
  if (token !== "") return token;
  throw new CodedError<AdminErrorCode>("token_missing", "there is no token for the profile", {
    remedy: "Give --token-file, set ENKS_TOKEN, or call this in a terminal, which asks for it.",
  });
}
