// Verifies an archive with one public key.

import type { ArchiveTools, P256PublicKey, TrustedKey, VerifiedArchive } from "../../archive/archive-types.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { readArchive } from "../../archive/read-archive.ts";

/** The id and version under which a public key is trusted. */
export interface KeyName {
  readonly keyId: string;
  readonly keyVersion: string;
}

/**
 * Opens the archive trusting `publicKey` under `name`, or without a name under every name that its signatures carry.
 * Throws CodedError<ArchiveErrorCode>.
 */
export async function verifyArchive(
  bytes: Uint8Array,
  publicKey: P256PublicKey,
  name: KeyName | null,
  tools: ArchiveTools,
): Promise<VerifiedArchive> {
  const names = name === null ? await namesOfSignatures(bytes, tools) : [name];
  const trustedKeys = names.map((each): TrustedKey => ({ ...each, publicKey, from: 0, until: null }));
  return openArchive(bytes, { trustedKeys, now: 0 }, tools);
}

async function namesOfSignatures(bytes: Uint8Array, tools: ArchiveTools): Promise<KeyName[]> {
  const { signatures } = await readArchive(bytes, {}, tools);
  return signatures.map(({ info }) => ({ keyId: info.keyId ?? "", keyVersion: info.keyVersion ?? "" }));
}
