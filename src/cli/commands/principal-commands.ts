// `enks principal`: who may use the admin API.

import type { Command } from "commander";
import type { PrincipalBody, PrincipalWithTokenBody } from "../../features/administration/admin-schemas.ts";
import { ADMIN_ROLES } from "../../platform/http/admin/admin-route.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fills } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderAge, renderInstant, renderSince } from "../output/render-time.ts";
import { instantOrNeverValue } from "../parse/option-values.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

const NAME = "the principal";

export function addPrincipalCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("principal").description("principals: people and programs that may use the admin API");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);
  const expires = () =>
    fills(
      "expiresAt",
      "--expires <instant>",
      "when its token ends, or never (never)",
      instantOrNeverValue(surroundings.clock),
    );

  const create = group
    .command("create")
    .description("make a principal and print its token, which is shown this once")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(
      fills(
        "role",
        "--role <role>",
        "auditor reads; operator also configures and runs; administrator also manages principals and signing keys",
      )
        .choices(ADMIN_ROLES)
        .makeOptionMandatory(),
    )
    .addOption(expires());
  onServer(create, surroundings, async (call) => {
    showToken(call, await call.client.post("/v1/principals", await call.body()));
  });

  listOnServer(group.command("list").description("list all principals"), surroundings, (call) =>
    call.showList<PrincipalBody>("/v1/principals", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "role", value: ({ role }) => role },
      { title: "state", value: (principal) => stateOf(principal, call) },
      { title: "expires", value: ({ expiresAt }) => renderAge(expiresAt, call.now()) },
      { title: "last used", value: ({ lastUsedAt }) => renderSince(lastUsedAt, call.now()) },
    ]),
  );

  onServer(named("show", "show one principal"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/principals/${name}`));
  });

  const revoke = named("revoke", "end a principal and its token for good; its name stays taken");
  onServer(revoke, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/principals/${name}/revocation`));
  });

  const renew = named("renew", "make a new token and print it, this once; the one before ends").addOption(expires());
  onServer(renew, surroundings, async (call, name: string) => {
    showToken(call, await call.client.post(path`/v1/principals/${name}/tokens`, await call.body()));
  });
}

function showToken(call: Call, answer: PrincipalWithTokenBody): void {
  call.show(answer, ({ principal, token }) => {
    return `${render(principal, call)}\nToken, which is not shown again:\n${token}\n`;
  });
}

function stateOf({ revokedAt, expiresAt }: PrincipalBody, { now }: Call): string {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) / 1_000 <= now() ? "expired" : "active";
}

function show(call: Call, body: PrincipalBody): void {
  call.show(body, () => render(body, call));
}

function render(body: PrincipalBody, call: Call): string {
  const now = call.now();
  return renderFields(
    [
      ["name", body.name],
      ["role", body.role],
      ["state", stateOf(body, call)],
      ["created", renderInstant(body.createdAt, now)],
      ["token expires", renderInstant(body.expiresAt, now)],
      ["revoked", renderInstant(body.revokedAt, now)],
      ["last used", renderInstant(body.lastUsedAt, now)],
    ],
    call.width,
  );
}
