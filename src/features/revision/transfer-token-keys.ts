// Handing token keys to the server that takes over, so that people can still revise what they uploaded before.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { insertRecipient, insertTokenKey, readRecipient, readTokenKeys } from "./queries.ts";
import type { RevisionDeps, RevisionErrorCode } from "./revision-types.ts";
import { makeRecipient, readTransfer, recipientOf, type TransferredKey, writeTransfer } from "./transfer-form.ts";
import { unwrapTokenKey, wrapSecret } from "./wrap-token-key.ts";

const RECIPIENT_PURPOSE = "recipient of token keys";

/** Makes a key pair to receive token keys with; answers the public key in base64. */
export async function createRecipient(deps: RevisionDeps, now: UnixSeconds): Promise<string> {
  const { publicKey, privateKey } = makeRecipient();
  const { encryptionKeyName } = deps.settings;
  const wrappedPrivateKey = await deps.encryptionKeys.encrypt(encryptionKeyName, privateKey, RECIPIENT_PURPOSE);
  await insertRecipient(deps.database.db, { publicKey, wrappedPrivateKey, now });
  return Buffer.from(publicKey).toString("base64");
}

/** The token keys of this server for `recipient` (base64). Throws `token_key_transfer_invalid`, and for no token key. */
export async function exportTokenKeys(
  deps: RevisionDeps,
  recipient: string,
): Promise<{ transfer: string; count: number }> {
  const exported: TransferredKey[] = [];
  for (const key of await readTokenKeys(deps.database.db)) {
    if (key.wrapped === null || key.supplierId !== null) continue;
    const { secret } = await unwrapTokenKey(deps, { ...key, wrapped: key.wrapped });
    const { id, authenticated, createdAt } = key;
    exported.push({ id, secret: secret.export(), authenticated, createdAt });
  }
  if (exported.length === 0) throw invalid("this server has made no token key so far");
  return { transfer: writeTransfer(exported, Buffer.from(recipient, "base64")), count: exported.length };
}

/**
 * Takes token keys over: their tokens are the word of the supplier of the import source named `source`, until every
 * token under them is too old. Repeating it changes nothing. Answers how many. Throws `token_key_transfer_invalid`, `source_unknown`.
 */
export async function importTokenKeys(
  deps: RevisionDeps,
  transfer: string,
  source: string,
  now: UnixSeconds,
): Promise<number> {
  const supplierId = await deps.findSupplierId(deps.database, source);
  const publicKey = recipientOf(transfer);
  const wrapped = await readRecipient(deps.database.db, publicKey);
  if (wrapped === null) throw invalid("it is for another receiver");
  const { encryptionKeyName } = deps.settings;
  const privateKey = await deps.encryptionKeys.decrypt(encryptionKeyName, wrapped, RECIPIENT_PURPOSE);
  const received = readTransfer(transfer, { publicKey, privateKey });
  for (const { id, secret, authenticated, createdAt } of received) {
    await insertTokenKey(deps.database.db, {
      id,
      wrapped: await wrapSecret(deps, id, secret),
      authenticated,
      supplierId,
      createdAt,
      endsAt: now + deps.settings.oldKeySeconds,
    });
  }
  return received.length;
}

function invalid(why: string): CodedError<RevisionErrorCode> {
  return new CodedError("token_key_transfer_invalid", `token keys cannot be handed over: ${why}`);
}
