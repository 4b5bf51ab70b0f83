// `enks app`: apps whose phones may upload.

import type { Command } from "commander";
import type { AppBody } from "../../features/publish/apps/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { renderFields } from "../output/render-fields.ts";
import { namesValue } from "../parse/option-values.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface ChangeFlags {
  readonly regions?: string[];
  readonly authorities?: string[];
  readonly bypassCertificate?: boolean;
  readonly bypassRevisionToken?: boolean;
}

const REGIONS = ["--regions <regions>", "every key that it uploads belongs to all of them", namesValue] as const;

export function addAppCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("app").description("apps whose phones may upload");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");

  const create = named("create", "let an app upload; its name is the healthAuthorityID of its uploads");
  addChangeOptions(create.requiredOption(...REGIONS));
  onServer(create, surroundings, async ({ client, show }, name: string, flags: ChangeFlags) => {
    const { authorities = [], ...given } = changeFrom(flags);
    show(await client.post<AppBody>("/v1/apps", { name, authorities, ...given }), render);
  });

  listOnServer(group.command("list").description("all apps"), surroundings, ({ showList }) =>
    showList<AppBody>("/v1/apps", [
      { title: "name", value: ({ name }) => name },
      { title: "regions", value: ({ regions }) => regions.join(",") },
      { title: "authorities", value: ({ authorities }) => authorities.join(",") || "-", cut: true },
      { title: "needs", value: renderNeeds },
    ]),
  );

  onServer(named("show", "one app"), surroundings, async ({ client, show }, name: string) => {
    show(await client.get<AppBody>(path`/v1/apps/${name}`), render);
  });

  const change = named("change", "change what an app may, at once; keys that are stored keep their regions");
  addChangeOptions(change.option(...REGIONS))
    .option("--no-bypass-certificate", "whose uploads need a certificate")
    .option("--no-bypass-revision-token", "whose revisions need a revision token");
  onServer(change, surroundings, async ({ client, show }, name: string, flags: ChangeFlags) => {
    show(await client.patch<AppBody>(path`/v1/apps/${name}`, changeFrom(flags)), render);
  });

  const remove = named("delete", "take no more uploads of an app; what it uploaded stays");
  onServer(remove, surroundings, async ({ client, show }, name: string) => {
    show(await client.delete<AppBody>(path`/v1/apps/${name}`), (app) => `deleted: ${app.name}\n`);
  });
}

function addChangeOptions(command: Command): Command {
  return command
    .option("--authorities <names>", "health authorities whose certificates are taken", namesValue)
    .option("--bypass-certificate", "whose uploads need no certificate; a bad one is refused all the same")
    .option("--bypass-revision-token", "whose revisions need no revision token");
}

function changeFrom({ regions, authorities, bypassCertificate, bypassRevisionToken }: ChangeFlags) {
  return { regions, authorities, bypassCertificate, bypassRevisionToken };
}

function renderNeeds({ bypassCertificate, bypassRevisionToken }: AppBody): string {
  const needs = [bypassCertificate ? "" : "certificate", bypassRevisionToken ? "" : "revision token"];
  return needs.filter((need) => need !== "").join(", ") || "-";
}

function render(app: AppBody): string {
  return renderFields([
    ["name", app.name],
    ["regions", app.regions.join(", ")],
    ["authorities", app.authorities.join(", ")],
    ["needs", renderNeeds(app)],
  ]);
}
