// `enks audit`: who changed what, and what was refused.

import type { Command } from "commander";
import type { AuditEntryBody, AuditPage } from "../../features/administration/admin-schemas.ts";
import type { Call } from "../call.ts";
import { jsonText } from "../output/plain-text.ts";
import { renderChanges } from "../output/render-changes.ts";
import { countValue } from "../parse/option-values.ts";
import { type Column, renderTable } from "../render-table.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface AuditFlags {
  readonly kind?: string;
  readonly name?: string;
  readonly principal?: string;
  readonly limit?: number;
  readonly all?: true;
  readonly after?: string;
  readonly changes?: true;
}

const DEFAULT_LIMIT = 50;

export function addAuditCommand(program: Command, surroundings: Surroundings): void {
  const audit = program
    .command("audit")
    .description("list changes and refused attempts, the newest first: who did what, and when")
    .option("--kind <kind>", "only on resources of this kind, such as export or signing-key")
    .option("--name <name>", "only on resources of this name")
    .option("--principal <name>", "only by this principal")
    .option("--limit <count>", "how many at most (50)", countValue)
    .option("--all", "all of them, back to the first")
    .option("--after <id>", "only those before this entry: to go on where a list ended")
    .option("--changes", "show what was changed, field by field");
  onServer(audit, surroundings, async (call, flags: AuditFlags) => {
    const { kind, name, principal } = flags;
    const { items, next } = await readEntries(call, { kind, name, principal }, flags);
    if (call.asJson) return call.print(jsonText(items));
    call.print(items.length === 0 ? "none\n" : renderEntries(items, call, flags.changes === true));
    if (next !== null) call.print(`\nThere are older ones: --after ${next}, or --all\n`);
  });
}

async function readEntries(
  { client }: Call,
  filter: Readonly<Record<string, string | undefined>>,
  { all, limit = DEFAULT_LIMIT, after }: AuditFlags,
): Promise<{ items: AuditEntryBody[]; next: string | null }> {
  if (all === true) return { items: await client.list("/v1/audit", filter), next: null };
  const items: AuditEntryBody[] = [];
  let next: string | null = after ?? null;
  do {
    const size = Math.min(1_000, limit - items.length);
    const page: AuditPage = await client.get("/v1/audit", { ...filter, limit: size, after: next ?? undefined });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
}

function renderEntries(items: readonly AuditEntryBody[], { width }: Call, withChanges: boolean): string {
  const columns: Column<AuditEntryBody>[] = [
    { title: "at", value: ({ at }) => at },
    { title: "principal", value: ({ principal }) => principal, whole: true },
    { title: "operation", value: ({ operation }) => operation },
    {
      title: "resource",
      value: ({ kind, name }) => [kind, name].filter((part) => part !== null).join(" "),
      whole: true,
    },
    { title: "outcome", value: ({ outcome, code }) => (code === null ? outcome : `${outcome}: ${code}`) },
  ];
  if (!withChanges) return renderTable(columns, items, width);
  return items
    .map((entry) => renderTable(columns, [entry], width) + renderChanges(entry.before, entry.after))
    .join("\n");
}
