// `enks signing-key`: keys that the server signs archives with; their private halves never leave it.

import type { Command } from "commander";
import type { SigningKeyBody } from "../../features/signing-keys/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export function addSigningKeyCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("signing-key").description("keys that the server signs archives with");

  const create = group.command("create").description("make a signing key and print its public half").argument("<name>");
  onServer(create, surroundings, async ({ client, show }, name: string) => {
    show(await client.post<SigningKeyBody>("/v1/signing-keys", { name }), renderPem);
  });

  listOnServer(group.command("list").description("all signing keys"), surroundings, ({ showList }) =>
    showList<SigningKeyBody>("/v1/signing-keys", [
      { title: "name", value: ({ name }) => name, cut: true },
      { title: "algorithm", value: ({ algorithm }) => algorithm },
      { title: "seals", value: renderUses, cut: true },
      { title: "problem", value: ({ problem }) => problem ?? "-" },
    ]),
  );

  const publicHalf = group.command("public").description("print a public key as PEM").argument("<name>");
  onServer(publicHalf, surroundings, async ({ client, show }, name: string) => {
    show(await client.get<SigningKeyBody>(path`/v1/signing-keys/${name}`), renderPem);
  });
}

function renderUses({ usedBy }: SigningKeyBody): string {
  const open = usedBy.filter(({ until }) => until === null);
  return open.length === 0 ? "-" : open.map(({ location }) => location).join(", ");
}

/** Nothing but the PEM, so that it can be redirected into a file. */
function renderPem({ publicKeyPem }: SigningKeyBody): string {
  return publicKeyPem === null ? "none\n" : publicKeyPem.replace(/\n*$/, "\n");
}
