// `enks init`: makes a data folder, its configuration and the first administrator.

import type { Command } from "commander";
import { type MadeAdministrator, makeAdministrator } from "../app/make-administrator.ts";
import { CodedError } from "../core/coded-error.ts";
import type { Config } from "../platform/config/config.ts";
import { mergeConfig } from "../platform/config/load-config.ts";
import { reportNothing } from "../platform/observe/report.ts";
import { cryptoRandom } from "../platform/random/crypto-random.ts";
import { profilesFile, requireWritable, saveProfile } from "./client/profiles.ts";
import { existingSettings, requireSame } from "./init/config-text.ts";
import { makeFolder } from "./init/make-folder.ts";
import { orGiveUp, untilInterrupted } from "./init/until-interrupted.ts";
import { type InitErrorCode, type InitFlags, wantedSettings } from "./init/wanted-settings.ts";
import { folderFrom } from "./serve/choose-folder.ts";
import { endWithCode } from "./server-command.ts";
import type { Surroundings, Terminal } from "./surroundings.ts";

interface Flags extends InitFlags {
  readonly administrator?: string;
  readonly profile?: string;
}

const collect = (value: string, others: readonly string[]) => [...others, value];

export function addInitCommand(program: Command, surroundings: Surroundings): void {
  const init = program
    .command("init")
    .description("make a data folder, its configuration and the first administrator")
    .argument("[folder]", "the data folder (ENKS_DATA_FOLDER, or .enks)")
    .option("--name <name>", "what people call the server")
    .option("--public-port <port>", "the port for phones and other servers (8080)")
    .option("--admin-port <port>", "the port of the admin API (8081)")
    .option("--database-url <url>", "PostgreSQL instead of the embedded database; file:<path> reads it from there")
    .option("--profile <name>", "keep the token in this profile of the command line instead of printing it")
    .option("--administrator <name>", "make this one, also where there are others: for a lost token")
    .option("--set <setting=value>", "a setting of docs/operate/configuration.md; may be repeated", collect, []);
  init.action((folder: string | undefined, flags: Flags) =>
    endWithCode(init, () => runInit(folderFrom(folder, surroundings), flags, surroundings)),
  );
}

/** Can be repeated: what is there stays, what is missing is made. */
async function runInit(folder: string, flags: Flags, surroundings: Surroundings): Promise<void> {
  const { terminal, environment } = surroundings;
  const say = (text: string) => terminal.writeError(`${text}\n`);
  const wanted = wantedSettings(flags);
  const existing = existingSettings(folder);
  if (existing !== null) requireSame(existing, wanted, folder);
  const { config } = mergeConfig(folder, existing ?? wanted, environment);
  const profile =
    flags.profile === undefined
      ? null
      : { name: flags.profile, server: adminUrl(config), file: profilesFile(surroundings) };
  // Before a token is made, which would be lost where its profile cannot be kept.
  if (profile !== null) await requireWritable(profile.file, profile.name);

  const made = await untilInterrupted((interrupted) => {
    const parts = { clock: surroundings.clock, random: cryptoRandom, report: reportNothing, interrupted };
    const fill = () => orGiveUp(makeAdministrator(config, parts, flags.administrator ?? null), interrupted);
    return existing === null ? makeFolder(folder, wanted, config, fill) : fill();
  });
  say(existing === null ? `Made the data folder ${folder}.` : `The data folder ${folder} is there already.`);
  if (made === null) {
    say("There is an administrator already. For a lost token make another: --administrator <name>.");
  } else if (profile === null) {
    say(`The token of the administrator "${made.name}"; it is shown this once:`);
    terminal.write(`${made.token}\n`);
  } else {
    await keepToken(profile, made, terminal);
    say(`The token of the administrator "${made.name}" is in the profile "${profile.name}".`);
  }
  say(`Start the server with: enks serve ${folder}`);
}

/** A token that its profile cannot keep is printed: there is no other copy. */
async function keepToken(
  { file, name, server }: { readonly file: string; readonly name: string; readonly server: string },
  { token }: MadeAdministrator,
  terminal: Terminal,
): Promise<void> {
  try {
    await saveProfile(file, name, { server, token });
  } catch (error) {
    terminal.write(`${token}\n`);
    throw error;
  }
}

/** Where this machine reaches the admin API. */
function adminUrl({ adminListener: { host, port } }: Config): string {
  if (port === 0) {
    throw new CodedError<InitErrorCode>("init_options_invalid", "a profile needs an admin port that is known: not 0");
  }
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
