// `enks mirror accept-loss`: what the other server withdrew, and going on without it.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { AcceptanceBody, LossesBody } from "../../features/mirror/loss-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { describeServer } from "../client/choose-server.ts";
import { fills } from "../options/body-option.ts";
import { confirm } from "../output/confirm.ts";
import { renderSince } from "../output/render-time.ts";
import { renderTable } from "../render-table.ts";
import { onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import type { TreeErrorCode } from "../tree/read-tree.ts";

export function addAcceptLossCommand(group: Command, surroundings: Surroundings): void {
  const accept = group
    .command("accept-loss")
    .description("show the archives that the other server withdrew before their time, ask, and go on without them")
    .argument("<name>", "the mirror")
    .addOption(fills("reason", "--reason <text>", "why; kept with the loss and in the audit log").makeOptionMandatory())
    .option("-y, --yes", "do it without asking");
  onServer(accept, surroundings, async (call, name: string, { yes }: { readonly yes?: true }) => {
    call.requireChosen();
    const target = path`/v1/mirrors/${name}/losses`;
    const losses = await call.client.get<LossesBody>(target);
    if (!call.asJson) call.print(render(losses, call));
    if (losses.count > 0 && yes !== true && !(await isConfirmed(call))) return REFUSED;
    const body = { ...(await call.body()), fingerprint: losses.fingerprint };
    const answer = await call.client.post<AcceptanceBody>(target, body);
    call.show({ ...answer, losses: losses.losses }, ({ accepted }) => `accepted: ${accepted} archives\n`);
    return 0;
  });
}

function render({ count, losses }: LossesBody, { now, width }: Pick<Call, "now" | "width">): string {
  if (count === 0) return "";
  const table = renderTable(
    [
      { title: "withdrawn", value: (loss) => loss.line, whole: true },
      { title: "missed", value: ({ noticedAt }) => renderSince(noticedAt, now()) },
      { title: "taken before", value: ({ taken }) => (taken ? "yes" : "no") },
      { title: "stays published as", value: ({ locationLine }) => locationLine ?? "-", whole: true },
    ],
    losses,
    width,
  );
  return count > losses.length ? `${table}and ${count - losses.length} more\n` : table;
}

async function isConfirmed({ surroundings: { terminal }, target, asJson, print }: Call): Promise<boolean> {
  const answer = await confirm(terminal, `Go on without them at ${describeServer(target)}?`);
  if (answer === null) {
    throw new CodedError<TreeErrorCode>("confirmation_missing", "there is no terminal on which to ask", {
      remedy: "Say --yes.",
    });
  }
  if (!answer && !asJson) print("nothing was done\n");
  return answer;
}
