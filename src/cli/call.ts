// One call of a command that asks a server: whom it asks, what it sends, and how it shows the answer.

import type { Command } from "commander";
import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { type AdminClient, createAdminClient, type Query } from "./client/admin-client.ts";
import {
  type ChosenServer,
  chooseServer,
  describeServer,
  requireChosen,
  type ServerFlags,
} from "./client/choose-server.ts";
import { profilesFile, readProfiles } from "./client/profiles.ts";
import { bodyOf } from "./options/body-option.ts";
import { pathOf } from "./options/tell-refusal.ts";
import { jsonText } from "./output/plain-text.ts";
import { type Column, renderTable } from "./render-table.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Call {
  readonly client: AdminClient;
  readonly target: ChosenServer;
  readonly surroundings: Surroundings;
  readonly asJson: boolean;
  /** The width of the screen; infinite where there is none. */
  readonly width: number;
  /** The server's clock at its last answer; before the first one this machine's. */
  now(this: void): UnixSeconds;
  /** The body of a request, as the command's options and arguments fill it. */
  body(this: void): Promise<Record<string, unknown>>;
  /** As `body`, of a change. Throws `command_misused` where nothing is to be changed. */
  changes(this: void): Promise<Record<string, unknown>>;
  /** Throws `profile_unchosen` where the server was not chosen for changes. */
  requireChosen(this: void): void;
  print(this: void, text: string): void;
  /** Prints an answer as it is, or as `render` shows it to people. */
  show<Answer>(this: void, answer: Answer, render: (answer: Answer) => string): void;
  /** Prints all items of a list, or as many as --limit says. */
  showList<Item>(this: void, path: string, columns: readonly Column<Item>[], query?: Query): Promise<void>;
}

export type CommandErrorCode = "command_misused";

interface CommonFlags extends ServerFlags {
  readonly json?: true;
  readonly timeout?: number;
  readonly limit?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

/** Throws the codes of choosing a server. */
export async function startCall(command: Command, surroundings: Surroundings): Promise<Call> {
  const flags = commonFlags(command);
  const { terminal, clock, environment, fetch } = surroundings;
  const target = await chooseServer(flags, environment, () => readProfiles(profilesFile(surroundings)));
  const timeoutMilliseconds = (flags.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const requireThis = () => requireChosen(target);
  const client = createAdminClient({ ...target, fetch, timeoutMilliseconds, requireChosen: requireThis });
  const asJson = flags.json === true;
  const width = terminal.screen()?.columns ?? Number.POSITIVE_INFINITY;
  const print = (text: string) => terminal.write(text);
  const body = () => bodyOf(command);
  return {
    client,
    target,
    surroundings,
    asJson,
    width,
    now: () => client.serverNow() ?? clock.now(),
    body,
    async changes() {
      const changes = await body();
      if (Object.keys(changes).length > 0) return changes;
      throw new CodedError<CommandErrorCode>("command_misused", "no option says what to change", {
        remedy: `\`${pathOf(command)} --help\` lists them.`,
      });
    },
    requireChosen: requireThis,
    print,
    show: (answer, render) => print(asJson ? jsonText(answer) : render(answer)),
    async showList<Item>(path: string, columns: readonly Column<Item>[], query: Query = {}) {
      const items = await client.list<Item>(path, query, flags.limit);
      if (asJson) print(jsonText(items));
      else print(items.length === 0 ? "none\n" : renderTable(columns, items, width));
    },
  };
}

/** Says which server is asked where this call does not name it; not in JSON, which programs read. */
export function tellTarget({ target, asJson, surroundings }: Call): void {
  const why = { url: null, named: null, default: "the default", only: "the only one" }[target.choice];
  if (why !== null && !asJson) surroundings.terminal.writeError(`${describeServer(target)} (${why})\n`);
}

/** The command's own, and those before it. */
function commonFlags(command: Command): CommonFlags {
  const above = command.parent ? commonFlags(command.parent) : {};
  return { ...above, ...command.opts<CommonFlags>() };
}
