// Opens archives that certain servers have signed.

import { DEFAULT_LIMITS, type VerifiedArchive } from "../archive/archive-types.ts";
import { nodeArchiveTools } from "../archive/node-tools.ts";
import { openArchive } from "../archive/open-archive.ts";
import { parsePublicKey } from "../archive/parse-public-key.ts";
import type { VerifyOptions } from "./follower-types.ts";

/** Throws CodedError<ArchiveErrorCode>. */
export type Verify = (bytes: Uint8Array) => Promise<VerifiedArchive>;

/** Throws `public_key_invalid`. */
export function verifyWith({ publicKeys, archiveLimits, archiveProfile }: VerifyOptions): Verify {
  const trustedKeys = publicKeys.map(({ keyId, keyVersion, publicKeyPem }) => ({
    keyId,
    keyVersion,
    publicKey: parsePublicKey(publicKeyPem, nodeArchiveTools),
    from: 0,
    until: null,
  }));
  const options = {
    trustedKeys,
    now: 0,
    limits: { ...DEFAULT_LIMITS, ...archiveLimits },
    ...(archiveProfile && { profile: archiveProfile }),
  };
  return (bytes) => openArchive(bytes, options, nodeArchiveTools);
}
