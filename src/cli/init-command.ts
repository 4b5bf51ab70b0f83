// `enks init`: makes a data folder, its configuration and the first administrator.

import type { Command } from "commander";
import { type MadeAdministrator, makeAdministrator } from "../app/make-administrator.ts";
import { CodedError } from "../core/coded-error.ts";
import { shellWord } from "../core/shell-word.ts";
import type { Config } from "../platform/config/config.ts";
import { mergeConfig } from "../platform/config/load-config.ts";
import { reportNothing } from "../platform/observe/report.ts";
import { cryptoRandom } from "../platform/random/crypto-random.ts";
import { profilesFile, requireWritable, saveProfile } from "./client/profiles.ts";
import { existingSettings, requireSame } from "./init/config-text.ts";
import { makeFolder } from "./init/make-folder.ts";
import { orGiveUp, untilInterrupted } from "./init/until-interrupted.ts";
import { type InitErrorCode, type InitFlags, wantedSettings } from "./init/wanted-settings.ts";
import { jsonText } from "./output/plain-text.ts";
import { tellError } from "./output/tell-error.ts";
import { folderFrom } from "./serve/choose-folder.ts";
import { endWithCode } from "./server-command.ts";
import type { Surroundings, Terminal } from "./surroundings.ts";

interface Flags extends InitFlags {
  readonly administrator?: string;
  readonly profile?: string;
  readonly json?: true;
}

const collect = (value: string, others: readonly string[]) => [...others, value];

export function addInitCommand(program: Command, surroundings: Surroundings): void {
  const init = program
    .command("init")
    .description("make a data folder, its configuration and the first administrator")
    .argument("[folder]", "data folder to make (ENKS_DATA_FOLDER, or .enks)")
    .option("--name <name>", "name of the server, for people and logs")
    .option("--public-port <port>", "port for phones and other servers (8080)")
    .option("--admin-port <port>", "port of the admin API (8081)")
    .option(
      "--database-url <url>",
      "use PostgreSQL instead of the embedded database; file:<path> names a file with the URL",
    )
    .option("--profile <name>", "keep the administrator's token in this new profile instead of printing it")
    .option("--administrator <name>", "make another administrator of this name, as when a token is lost")
    .option(
      "--set <setting=value>",
      "write a setting, as docs/operate/configuration.md lists them; may be repeated",
      collect,
      [],
    )
    .option("--json", "print JSON, for programs; errors too");
  init.action((folder: string | undefined, flags: Flags) =>
    endWithCode(() => runInit(folderFrom(folder, surroundings), flags, surroundings)),
  );
}

/** Can be repeated: what is there stays, what is missing is made. */
async function runInit(folder: string, flags: Flags, surroundings: Surroundings): Promise<void> {
  const { terminal, environment } = surroundings;
  const asJson = flags.json === true;
  const wanted = wantedSettings(flags);
  const existing = existingSettings(folder);
  if (existing !== null) requireSame(existing, wanted, folder);
  const { config } = mergeConfig(folder, existing ?? wanted, environment);
  const profile =
    flags.profile === undefined
      ? null
      : { name: flags.profile, server: adminUrl(config), file: profilesFile(surroundings) };
  // Before a token is made, which would be lost where its profile cannot be kept.
  if (profile !== null) {
    const isNew = existing === null || flags.administrator !== undefined;
    await requireWritable(profile.file, profile.name, { isNew });
  }

  const made = await untilInterrupted(
    (interrupted) => {
      const parts = { clock: surroundings.clock, random: cryptoRandom, report: reportNothing, interrupted };
      const fill = () => orGiveUp(makeAdministrator(config, parts, flags.administrator ?? null), interrupted);
      return existing === null ? makeFolder(folder, wanted, config, fill) : fill();
    },
    (error) => terminal.writeError(tellError(error, asJson)),
  );
  const told = { folder, isNew: existing === null, made };
  if (made !== null && profile !== null) {
    await saveProfile(profile.file, profile.name, { server: profile.server, token: made.token }).catch((error) => {
      // There is no other copy of the token.
      tellMade({ ...told, profile: null }, asJson, terminal);
      throw error;
    });
  }
  tellMade({ ...told, profile: profile && profile.name }, asJson, terminal);
}

interface Told {
  readonly folder: string;
  readonly isNew: boolean;
  /** Null where there is one already. */
  readonly made: MadeAdministrator | null;
  readonly profile: string | null;
}

function tellMade({ folder, isNew, made, profile }: Told, asJson: boolean, terminal: Terminal): void {
  if (asJson) {
    const kept = profile === null || made === null ? { token: made && made.token } : { profile };
    return terminal.write(jsonText({ folder, isNew, administrator: made && made.name, ...kept }));
  }
  const say = (text: string) => terminal.writeError(`${text}\n`);
  say(isNew ? `Made the data folder ${folder}.` : `The data folder ${folder} is there already.`);
  if (made === null) {
    say("There is an administrator already. For a lost token make another: --administrator <name>.");
  } else if (profile === null) {
    say(`The token of the administrator "${made.name}"; it is shown this once:`);
    terminal.write(`${made.token}\n`);
  } else {
    say(`The token of the administrator "${made.name}" is in the profile "${profile}".`);
  }
  say(`Start the server with: enks serve ${shellWord(folder)}`);
}

/** Where this machine reaches the admin API. */
function adminUrl({ adminListener: { host, port } }: Config): string {
  if (port === 0) {
    throw new CodedError<InitErrorCode>("init_options_invalid", "a profile needs an admin port that is known: not 0");
  }
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
