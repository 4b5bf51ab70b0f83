// A change that is looked at before it is made: the server tells what it would do, the person says whether to do it.

import { styleText } from "node:util";
import type { Command } from "commander";
import { CodedError } from "../core/coded-error.ts";
import { EXIT_CODES } from "../core/exit-codes.ts";
import type { Effect, PreviewBody } from "../platform/http/admin/preview-schemas.ts";
import type { Call } from "./call.ts";
import { describeServer } from "./client/choose-server.ts";
import { confirm } from "./output/confirm.ts";
import { jsonText, plainText } from "./output/plain-text.ts";
import { textWidth, wrapText } from "./output/wrap-text.ts";
import type { TreeErrorCode } from "./tree/read-tree.ts";

export interface LookAheadFlags {
  readonly yes?: true;
  readonly dryRun?: true;
}

interface WantedChange {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: object;
  readonly timeoutMilliseconds?: number;
}

export function addLookAheadOptions(command: Command): Command {
  return command
    .option("--dry-run", "only show what phones would see and which keys would be lost")
    .option("-y, --yes", "do it without asking");
}

/**
 * Shows what the change would do, asks, and makes it, for the revision that was looked at. Null: it was not made. Throws
 * the server's refusals, `changed_meanwhile` among them, and `confirmation_missing`.
 */
export async function changeLookingAhead<Answer>(
  call: Call,
  { yes, dryRun }: LookAheadFlags,
  { method, path, body, ...more }: WantedChange,
): Promise<Answer | null> {
  if (dryRun !== true) call.requireChosen();
  const { answer: preview, tag } = await call.client.preview<PreviewBody>(path, body, more);
  if (!call.asJson) call.print(renderPreview(preview, call.surroundings.terminal.screen()?.columns));
  else if (dryRun === true) call.print(jsonText(preview));
  if (dryRun === true) return null;
  // What is in doubt is refused by the server, which says how to name it.
  const isMeant = yes === true || preview.doubts.length > 0 || (await isConfirmed(call));
  if (!isMeant) {
    if (!call.asJson) call.print("nothing was done\n");
    return null;
  }
  return (await call.client.change<Answer>(method, path, body, { ...more, ifMatch: tag })).answer;
}

/** The exit code of a command whose change was not made. */
export function notMade({ dryRun }: LookAheadFlags): number {
  return dryRun === true ? 0 : EXIT_CODES.refused;
}

const STYLES = { stays: null, changes: "yellow", loses: "red" } as const;

export function renderPreview({ effects, doubts }: PreviewBody, columns: number | undefined): string {
  const width = textWidth(columns);
  const lines = [
    ...effects.map((effect) => renderEffect(effect, width)),
    ...doubts.map(({ name, why }) => wrapText(plainText(`${name}: ${why}`), width, `  ${styleText("red", "?")} `)),
  ];
  return lines.length === 0 ? "" : `What comes of it\n${lines.join("")}`;
}

function renderEffect({ who, from, what, weight }: Effect, width: number): string {
  const style = STYLES[weight];
  const sign = { stays: " ", changes: "~", loses: "-" }[weight];
  const text = plainText(`${who}${from === null ? "" : `, from ${from}`}: ${what}`);
  return wrapText(text, width, `  ${style === null ? sign : styleText(style, sign)} `);
}

async function isConfirmed({ surroundings: { terminal }, target }: Call): Promise<boolean> {
  const answer = await confirm(terminal, `Do this at ${describeServer(target)}?`);
  if (answer !== null) return answer;
  throw new CodedError<TreeErrorCode>(
    "confirmation_missing",
    "there is no terminal on which to ask whether to do this",
    {
      remedy: "Say --yes, or --dry-run to only look.",
    },
  );
}
