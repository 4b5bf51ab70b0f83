// `enks token-key`: keys under which revision tokens are sealed, and their hand-over to another server.

import type { Command } from "commander";
import type { ImportedBody, RecipientBody, TokenKeyBody, TransferBody } from "../../features/revision/admin-schemas.ts";
import type { Call } from "../call.ts";
import { fills } from "../options/body-option.ts";
import { fingerprintOf } from "../output/fingerprint.ts";
import { jsonText } from "../output/plain-text.ts";
import { renderAge, renderSince } from "../output/render-time.ts";
import { readText } from "../read-text.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { writeOutput } from "../write-output.ts";

/** Of a hand-over with its line end; the API takes half of it. */
const LARGEST_TRANSFER = 128 * 1024;

export function addTokenKeyCommands(program: Command, surroundings: Surroundings): void {
  const group = program
    .command("token-key")
    .description("token keys: what revision tokens are encrypted with, and how to give them to another server");

  listOnServer(group.command("list").description("list all token keys"), surroundings, ({ showList, now }) =>
    showList<TokenKeyBody>("/v1/token-keys", [
      { title: "id", value: ({ id }) => id },
      { title: "from", value: ({ supplierId }) => (supplierId === null ? "this server" : `supplier ${supplierId}`) },
      { title: "made", value: ({ createdAt }) => renderSince(createdAt, now()) },
      { title: "ends", value: ({ endsAt }) => renderAge(endsAt, now()) },
      { title: "state", value: ({ destroyed }) => (destroyed ? "destroyed" : "usable") },
    ]),
  );

  const recipient = group
    .command("recipient")
    .description("first, at the server that receives token keys: make a key pair and print its public key");
  onServer(recipient, surroundings, async (call) => {
    const answer = await call.client.post<RecipientBody>("/v1/token-keys/recipients");
    tell(call, answer, `${answer.publicKey}\n`, { "public key": answer.publicKey });
  });

  const handOver = group
    .command("export")
    .description("second, at the server that gives them away: encrypt its token keys for the other one")
    .addOption(
      fills("publicKey", "--for <public-key>", "what `enks token-key recipient` printed there", (text) =>
        text.trim(),
      ).makeOptionMandatory(),
    )
    .option("-o, --output <file>", "write them to this file instead of standard output");
  onServer(handOver, surroundings, async (call, flags: { for: string; output?: string }) => {
    const answer = await call.client.post<TransferBody>("/v1/token-keys/transfers", await call.body());
    const fingerprinted = { "public key": flags.for, "hand-over": answer.transfer };
    if (flags.output === undefined) return tell(call, answer, `${answer.transfer}\n`, fingerprinted);
    await writeOutput(flags.output, `${answer.transfer}\n`, 0o600);
    tell(call, { file: flags.output, count: answer.count }, "", fingerprinted);
  });

  const takeOver = group
    .command("import")
    .description("third, at the server that receives them: take the encrypted token keys in")
    .argument("<file>", "what `enks token-key export` wrote there; - reads standard input")
    .addOption(
      fills(
        "source",
        "--source <name>",
        "a source of the server that they come from; their tokens revise the keys of its supplier",
      ).makeOptionMandatory(),
    );
  onServer(takeOver, surroundings, async (call, file: string) => {
    const transfer = (await readText(file, LARGEST_TRANSFER)).trim();
    const body = { transfer, ...(await call.body()) };
    const answer = await call.client.post<ImportedBody>("/v1/token-keys/imports", body);
    tell(call, answer, `taken over: ${answer.count} token keys\n`, { "hand-over": transfer });
  });
}

/** Fingerprints go beside the output, which is for the other server: people on both sides compare them. */
function tell(call: Call, answer: object, text: string, fingerprinted: Readonly<Record<string, string>>): void {
  const prints = Object.entries(fingerprinted).map(([what, base64]) => [what, fingerprintOf(base64)] as const);
  if (call.asJson) return call.print(jsonText({ ...answer, fingerprints: Object.fromEntries(prints) }));
  call.print(text);
  for (const [what, print] of prints) {
    call.surroundings.terminal.writeError(`fingerprint of the ${what}: ${print}\n`);
  }
}
