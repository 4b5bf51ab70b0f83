// `enks token-key`: keys under which revision tokens are sealed, and their hand-over to another server.

import type { Command } from "commander";
import type { ImportedBody, RecipientBody, TokenKeyBody, TransferBody } from "../../features/revision/admin-schemas.ts";
import { fingerprintOf } from "../output/fingerprint.ts";
import { renderAge } from "../output/render-time.ts";
import { readText } from "../read-text.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { writeOutput } from "../write-output.ts";

/** Of a hand-over with its line end; the API takes half of it. */
const LARGEST_TRANSFER = 128 * 1024;

export function addTokenKeyCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("token-key").description("keys of revision tokens, and their way to another server");

  listOnServer(group.command("list").description("all token keys"), surroundings, ({ showList, now }) =>
    showList<TokenKeyBody>("/v1/token-keys", [
      { title: "id", value: ({ id }) => id },
      { title: "from", value: ({ sourceId }) => (sourceId === null ? "this server" : `source ${sourceId}`) },
      { title: "made", value: ({ createdAt }) => renderAge(createdAt, now) },
      { title: "ends", value: ({ endsAt }) => renderAge(endsAt, now) },
      { title: "state", value: ({ destroyed }) => (destroyed ? "destroyed" : "usable") },
    ]),
  );

  const recipient = group
    .command("recipient")
    .description("at the server that takes over: make a key pair and print its public key");
  onServer(recipient, surroundings, async (call) => {
    const answer = await call.client.post<RecipientBody>("/v1/token-keys/recipients");
    call.show(answer, ({ publicKey }) => `${publicKey}\n`);
    tellFingerprint(call, "public key", answer.publicKey);
  });

  const handOver = group
    .command("export")
    .description("at the server that ends: encrypt its token keys to the public key of the other one")
    .requiredOption("--for <public-key>", "which `token-key recipient` printed there")
    .option("-o, --output <file>", "instead of standard output");
  onServer(handOver, surroundings, async (call, flags: { for: string; output?: string }) => {
    const publicKey = flags.for.trim();
    const answer = await call.client.post<TransferBody>("/v1/token-keys/transfers", { publicKey });
    if (flags.output === undefined) call.show(answer, ({ transfer }) => `${transfer}\n`);
    else await writeOutput(flags.output, `${answer.transfer}\n`, 0o600);
    tellFingerprint(call, "public key", publicKey);
    tellFingerprint(call, "hand-over", answer.transfer);
  });

  const takeOver = group
    .command("import")
    .description("at the server that takes over: take the token keys of a server that it imports from")
    .argument("<file>", "which `token-key export` wrote there; - reads standard input")
    .requiredOption("--source <name>", "whose keys may be revised with their tokens");
  onServer(takeOver, surroundings, async (call, file: string, { source }: { source: string }) => {
    const transfer = (await readText(file, LARGEST_TRANSFER)).trim();
    const answer = await call.client.post<ImportedBody>("/v1/token-keys/imports", { transfer, source });
    call.show(answer, ({ count }) => `taken over: ${count} token keys\n`);
    tellFingerprint(call, "hand-over", transfer);
  });
}

/** Beside the output, which is for the other server: people on both sides compare it. */
function tellFingerprint({ surroundings }: Call, what: string, base64: string): void {
  surroundings.terminal.writeError(`fingerprint of the ${what}: ${fingerprintOf(base64)}\n`);
}
