// `enks supplier`: the organisations to which keys, trust and listings of other servers belong.

import type { Command } from "commander";
import type { SupplierBody } from "../../features/upstreams/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { fills } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export function addSupplierCommands(program: Command, surroundings: Surroundings): void {
  const group = program
    .command("supplier")
    .description("suppliers: organisations whose servers this one imports from; they own keys and share trust");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", "the supplier");

  listOnServer(group.command("list").description("list all suppliers"), surroundings, ({ showList }) =>
    showList<SupplierBody>("/v1/suppliers", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "number", value: ({ id }) => id },
      { title: "listings", value: ({ listings }) => listings },
      { title: "formerly", value: ({ formerNames }) => formerNames.join(", ") || "-" },
    ]),
  );

  onServer(named("show", "show one supplier"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/suppliers/${name}`));
  });

  const merge = named(
    "merge",
    "make a supplier one with another: the same organisation; it cannot be undone",
  ).addOption(fills("into", "--into <supplier>", "supplier to which everything belongs then").makeOptionMandatory());
  onServer(merge, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/suppliers/${name}/merges`, await call.body()));
  });
}

function show(call: Call, body: SupplierBody): void {
  call.show(body, () =>
    renderFields(
      [
        ["name", body.name],
        ["number", body.id],
        ["listings", body.listings],
        ["formerly", body.formerNames.join(", ")],
      ],
      call.width,
    ),
  );
}
