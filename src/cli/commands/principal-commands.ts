// `enks principal`: who may use the admin API.

import { type Command, Option } from "commander";
import type { PrincipalBody, PrincipalWithTokenBody } from "../../features/administration/admin-schemas.ts";
import { ADMIN_ROLES, type AdminRole } from "../../platform/http/admin/admin-route.ts";
import { path } from "../client/admin-path.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderAge, renderInstant } from "../output/render-time.ts";
import { type InstantOrNever, instantOrNeverValue } from "../parse/option-values.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export function addPrincipalCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("principal").description("who may use the admin API");
  const expires = new Option("--expires <instant>", "when its token ends").argParser(
    instantOrNeverValue(surroundings.clock),
  );

  const create = group
    .command("create")
    .description("make a principal and show its token, this once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what it may do").choices(ADMIN_ROLES).makeOptionMandatory())
    .addOption(expires);
  onServer(create, surroundings, async (call, name: string, options: { role: AdminRole; expires?: InstantOrNever }) => {
    const body = { name, role: options.role, expiresAt: options.expires?.at };
    showToken(call, await call.client.post("/v1/principals", body));
  });

  listOnServer(group.command("list").description("all principals"), surroundings, (call) =>
    call.showList<PrincipalBody>("/v1/principals", [
      { title: "name", value: ({ name }) => name },
      { title: "role", value: ({ role }) => role },
      { title: "state", value: (principal) => stateOf(principal, call) },
      { title: "expires", value: ({ expiresAt }) => renderAge(expiresAt, call.now) },
      { title: "last used", value: ({ lastUsedAt }) => renderAge(lastUsedAt, call.now) },
    ]),
  );

  const show = group.command("show").description("one principal").argument("<name>");
  onServer(show, surroundings, async (call, name: string) => {
    call.show(await call.client.get<PrincipalBody>(path`/v1/principals/${name}`), (body) => render(body, call));
  });

  const revoke = group
    .command("revoke")
    .description("end a principal for ever; its name stays taken")
    .argument("<name>");
  onServer(revoke, surroundings, async (call, name: string) => {
    const body = await call.client.post<PrincipalBody>(path`/v1/principals/${name}/revocation`);
    call.show(body, () => render(body, call));
  });

  const renew = group
    .command("renew")
    .description("make a new token and show it, this once; the one before ends")
    .argument("<name>")
    .addOption(expires);
  onServer(renew, surroundings, async (call, name: string, options: { expires?: InstantOrNever }) => {
    const body = { expiresAt: options.expires?.at };
    showToken(call, await call.client.post(path`/v1/principals/${name}/tokens`, body));
  });
}

function showToken(call: Call, answer: PrincipalWithTokenBody): void {
  call.show(answer, ({ principal, token }) => {
    return `${render(principal, call)}\n  ${token}\n\n  This token is not shown again.\n`;
  });
}

function stateOf({ revokedAt, expiresAt }: PrincipalBody, { now }: Call): string {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) / 1_000 <= now ? "expired" : "active";
}

function render(body: PrincipalBody, call: Call): string {
  return renderFields([
    ["name", body.name],
    ["role", body.role],
    ["state", stateOf(body, call)],
    ["created", renderInstant(body.createdAt, call.now)],
    ["token expires", renderInstant(body.expiresAt, call.now)],
    ["revoked", renderInstant(body.revokedAt, call.now)],
    ["last used", renderInstant(body.lastUsedAt, call.now)],
  ]);
}
