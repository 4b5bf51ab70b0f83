// `enks profile`: servers and tokens under names, in a file of the user's own.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { AdminErrorCode } from "../../platform/http/admin/admin-error.ts";
import { makeCurrent, profilesFile, readProfiles, removeProfile, saveProfile } from "../client/profiles.ts";
import { checkServerUrl, requireProtection } from "../client/server-url.ts";
import { jsonText } from "../output/plain-text.ts";
import { readText } from "../read-text.ts";
import { renderTable } from "../render-table.ts";
import { endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface AddFlags {
  readonly server: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly insecure?: true;
}

export function addProfileCommands(program: Command, surroundings: Surroundings): void {
  const { terminal } = surroundings;
  const group = program.command("profile").description("servers and tokens under names, in a file of your own");
  const file = profilesFile(surroundings);

  const list = group.command("list").description("all profiles, without their tokens").option("--json", "as JSON");
  list.action((flags: { json?: true }) =>
    endWithCode(list, async () => {
      const { current, byName } = await readProfiles(file);
      const rows = Object.entries(byName).map(([name, { server }]) => ({ name, server, current: name === current }));
      if (flags.json) return terminal.write(jsonText(rows));
      const columns = [
        { title: "", value: (row: (typeof rows)[number]) => (row.current ? "*" : "") },
        { title: "name", value: (row: (typeof rows)[number]) => row.name, cut: true },
        { title: "server", value: (row: (typeof rows)[number]) => row.server, cut: true },
      ];
      terminal.write(rows.length === 0 ? "none\n" : renderTable(columns, rows, terminal.screen()?.columns));
    }),
  );

  const add = group
    .command("add")
    .description("keep a server and a token under a name; the first one is used from now on")
    .argument("<name>")
    .requiredOption("--server <url>", "its admin listener")
    .option("--token <token>", "its token, where no other user of this machine can see it (ENKS_TOKEN; or asked for)")
    .option("--token-file <file>", "with the token; - reads standard input")
    .option("--insecure", "plain http to another machine is meant");
  add.action((name: string, flags: AddFlags) =>
    endWithCode(add, async () => {
      const server = checkServerUrl(flags.server);
      if (flags.insecure !== true) requireProtection(server);
      await saveProfile(file, name, { server, token: await tokenFrom(flags, surroundings) });
      terminal.write(`kept: profile ${name} for ${server} in ${file}\n`);
    }),
  );

  const remove = group.command("remove").description("forget a profile").argument("<name>");
  remove.action((name: string) =>
    endWithCode(remove, async () => {
      await removeProfile(file, name);
      terminal.write(`forgotten: profile ${name}\n`);
    }),
  );

  const use = group.command("use").description("use a profile when nothing else is said").argument("<name>");
  use.action((name: string) =>
    endWithCode(use, async () => {
      await makeCurrent(file, name);
      terminal.write(`used from now on: profile ${name}\n`);
    }),
  );
}

/** Throws `token_missing`, and the codes of reading a file. */
async function tokenFrom({ token: flag, tokenFile }: AddFlags, surroundings: Surroundings): Promise<string> {
  const { environment, terminal } = surroundings;
  const read = tokenFile === undefined ? undefined : await readText(tokenFile);
  const given = flag ?? read ?? (environment["ENKS_TOKEN"] || undefined);
  const token = (given ?? (await terminal.ask("Token: ", { isSecret: true })) ?? "").trim();
  if (token !== "") return token;
  throw new CodedError<AdminErrorCode>("token_missing", "there is no token for the profile", {
    remedy: "Give --token-file, set ENKS_TOKEN, or call this in a terminal, which asks for it.",
  });
}
