// `enks signing-key`: keys that the server signs archives with; their private halves never leave it.

import type { Command } from "commander";
import type { SigningKeyBody } from "../../features/signing-keys/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fillsFromFile } from "../options/body-option.ts";
import { jsonText } from "../output/plain-text.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";

interface OutFlags {
  readonly out?: string;
}

const NAME = "the signing key";

export function addSigningKeyCommands(program: Command, surroundings: Surroundings): void {
  const group = program
    .command("signing-key")
    .description("signing keys: the keys that this server signs archives with");

  const create = group
    .command("create")
    .description("make a signing key and print its public key as PEM")
    .addArgument(new BodyArgument("name", "<name>", NAME));
  onServer(addOutOption(create), surroundings, async (call, _name: string, { out }: OutFlags) => {
    // Before the key is made: its name can be given only once.
    if (out !== undefined) await requireNoFile(out);
    await tellPem(call, await call.client.post("/v1/signing-keys", await call.body()), out);
  });

  const importing = group
    .command("import")
    .description("keep a private key that another program signed archives with, and print its public key as PEM")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(
      fillsFromFile(
        "privateKeyPem",
        "--key <file>",
        "PEM file with the private key on P-256 (PKCS#8 or SEC1); - for standard input",
      ).makeOptionMandatory(),
    );
  onServer(addOutOption(importing), surroundings, async (call, _name: string, { out }: OutFlags) => {
    if (out !== undefined) await requireNoFile(out);
    await tellPem(call, await call.client.post("/v1/signing-key-imports", await call.body()), out);
  });

  listOnServer(group.command("list").description("list all signing keys"), surroundings, ({ showList }) =>
    showList<SigningKeyBody>("/v1/signing-keys", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "algorithm", value: ({ algorithm }) => algorithm },
      { title: "seals", value: renderUses, whole: true },
      { title: "problem", value: ({ problem }) => problem ?? "-" },
    ]),
  );

  const publicHalf = group
    .command("public")
    .description("print the public key of a signing key as PEM")
    .argument("<name>", NAME);
  onServer(addOutOption(publicHalf), surroundings, async (call, name: string, { out }: OutFlags) => {
    if (out !== undefined) await requireNoFile(out);
    await tellPem(call, await call.client.get(path`/v1/signing-keys/${name}`), out);
  });
}

function addOutOption(command: Command): Command {
  return command.option("-o, --out <file>", "write the public key to a new file; one that exists is never replaced");
}

function renderUses({ usedBy }: SigningKeyBody): string {
  const open = usedBy.filter(({ until }) => until === null);
  return open.length === 0 ? "-" : open.map(({ location }) => location).join(", ");
}

/** On the screen nothing but the PEM, so that it can be copied from there. */
async function tellPem(call: Call, body: SigningKeyBody, out: string | undefined): Promise<void> {
  const { name, publicKeyPem } = body;
  const pem = publicKeyPem === null ? null : publicKeyPem.replace(/\n*$/, "\n");
  if (out === undefined || pem === null) return call.show(body, () => pem ?? "none\n");
  await writeNewOutput(
    out,
    pem,
    `The signing key is there all the same: \`enks signing-key public ${name} --out FILE\`.`,
  );
  call.print(call.asJson ? jsonText({ ...body, file: out }) : `written: public key of ${name} to ${out}\n`);
}
