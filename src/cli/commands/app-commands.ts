// `enks app`: apps whose phones may upload.

import type { Command } from "commander";
import type { AppBody } from "../../features/publish/apps/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, type BodyOption, fills } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { namesValue } from "../parse/option-values.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

const NAME = "the app's name, which its uploads carry as healthAuthorityID";

export function addAppCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("app").description("apps whose phones may upload keys");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);

  const create = group
    .command("create")
    .description("let the phones of an app upload keys")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(regions().makeOptionMandatory());
  onServer(addChangeOptions(create), surroundings, async (call) => {
    show(call, await call.client.post("/v1/apps", { authorities: [], ...(await call.body()) }));
  });

  listOnServer(group.command("list").description("list all apps"), surroundings, ({ showList }) =>
    showList<AppBody>("/v1/apps", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "regions", value: (app) => app.regions.join(","), whole: true },
      { title: "authorities", value: ({ authorities }) => authorities.join(",") || "-", whole: true },
      { title: "needs", value: renderNeeds },
    ]),
  );

  onServer(named("show", "show one app"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/apps/${name}`));
  });

  const change = named("change", "change what an app may do, at once; stored keys keep their regions").addOption(
    regions(),
  );
  addChangeOptions(change)
    .addOption(fills("bypassCertificate", "--no-bypass-certificate", "ask for a certificate again"))
    .addOption(fills("bypassRevisionToken", "--no-bypass-revision-token", "ask for a revision token again"));
  onServer(change, surroundings, async (call, name: string) => {
    show(call, await call.client.patch(path`/v1/apps/${name}`, await call.changes()));
  });

  const remove = named("delete", "refuse all further uploads of an app; the keys that it uploaded stay");
  onServer(remove, surroundings, async (call, name: string) => {
    call.show(await call.client.delete<AppBody>(path`/v1/apps/${name}`), (app) => `deleted: ${app.name}\n`);
  });
}

function regions(): BodyOption {
  return fills(
    "regions",
    "--regions <regions>",
    "every uploaded key is stored under all of these, such as XX,XY",
    namesValue,
  );
}

function addChangeOptions(command: Command): Command {
  return command
    .addOption(
      fills("authorities", "--authorities <names>", "health authorities whose certificates are accepted", namesValue),
    )
    .addOption(
      fills("bypassCertificate", "--bypass-certificate", "accept uploads without a certificate; a bad one is refused"),
    )
    .addOption(fills("bypassRevisionToken", "--bypass-revision-token", "accept revisions without a revision token"));
}

function renderNeeds({ bypassCertificate, bypassRevisionToken }: AppBody): string {
  const needs = [bypassCertificate ? "" : "certificate", bypassRevisionToken ? "" : "revision token"];
  return needs.filter((need) => need !== "").join(", ") || "-";
}

function show(call: Call, body: AppBody): void {
  call.show(body, (app) =>
    renderFields(
      [
        ["name", app.name],
        ["regions", app.regions.join(", ")],
        ["authorities", app.authorities.join(", ")],
        ["needs", renderNeeds(app)],
      ],
      call.width,
    ),
  );
}
