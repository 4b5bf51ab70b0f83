// Verifies an archive with one public key.

import type {
  ArchiveProfile,
  ArchiveTools,
  P256PublicKey,
  TrustedKey,
  VerifiedArchive,
} from "../../archive/archive-types.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { unpackArchive } from "../../archive/unpack-archive.ts";

/** The id and version under which a public key is trusted; a part that is left out may be any. */
export interface KeyName {
  readonly keyId?: string | undefined;
  readonly keyVersion?: string | undefined;
}

/**
 * Opens the archive trusting `publicKey` under every name that its signatures carry and that fits `name`.
 * Throws CodedError<ArchiveErrorCode>.
 */
export async function verifyArchive(
  bytes: Uint8Array,
  publicKey: P256PublicKey,
  name: KeyName,
  profile: ArchiveProfile,
  tools: ArchiveTools,
): Promise<VerifiedArchive> {
  const { signatures, digest } = await unpackArchive(bytes, { profile }, tools);
  const trustedKeys = signatures
    .map(({ info }) => ({ keyId: info.keyId ?? "", keyVersion: info.keyVersion ?? "" }))
    .filter(
      ({ keyId, keyVersion }) => keyId === (name.keyId ?? keyId) && keyVersion === (name.keyVersion ?? keyVersion),
    )
    .map((each): TrustedKey => ({ ...each, publicKey, from: 0, until: null }));
  return openArchive(bytes, { trustedKeys, now: 0, profile, digest }, tools);
}
