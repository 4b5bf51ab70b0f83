// Decides whose signature on export.bin is believed.

import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import {
  type ArchiveErrorCode,
  type ArchiveSignature,
  type ArchiveTools,
  ECDSA_SHA256_NAMES,
  type SignatureInfo,
  type TrustedKey,
} from "./archive-types.ts";

/** Who is trusted, and at which instant. */
export interface Trust {
  readonly trustedKeys: readonly TrustedKey[];
  readonly now: UnixSeconds;
}

/**
 * The name of the trusted key whose signature verifies. Names that nobody trusts are ignored; every signature is tried
 * with every trusted key of its name, as one name may occur several times in both lists; one success suffices.
 * Throws CodedError: `archive_unsigned` (no signature at all), `archive_untrusted` (none names a key trusted now),
 * `archive_algorithm_unsupported` (those that do are not ECDSA with SHA-256), `archive_signature_invalid`.
 */
export function findTrustedSigner(
  exportBin: Uint8Array,
  signatures: readonly ArchiveSignature[],
  trust: Trust,
  tools: ArchiveTools,
): { keyId: string; keyVersion: string } {
  if (signatures.length === 0) throw refusal("archive_unsigned", "the archive has no signature");
  const candidates = signatures.flatMap((signature) =>
    trust.trustedKeys
      .filter((trusted) => isNamed(trusted, signature.info) && isValidAt(trusted, trust.now))
      .map((trusted) => ({ signature, trusted })),
  );
  if (candidates.length === 0) throw refusal("archive_untrusted", `nobody trusts ${namesOf(signatures)} at this time`);
  const usable = candidates.filter(({ signature }) => isEcdsaSha256(signature.info));
  if (usable.length === 0) throw refusal("archive_algorithm_unsupported", "the signature is not ECDSA with SHA-256");
  const good = usable.find(({ signature, trusted }) => tools.verify(trusted.publicKey, exportBin, signature.signature));
  if (good === undefined) throw refusal("archive_signature_invalid", "no signature fits content and trusted key");
  return { keyId: good.trusted.keyId, keyVersion: good.trusted.keyVersion };
}

export function isEcdsaSha256({ algorithm }: SignatureInfo): boolean {
  return ECDSA_SHA256_NAMES.includes((algorithm ?? "").toLowerCase());
}

/** An absent part of a name is the empty text: the reference leaves empty ones out (KS 1.5). */
function isNamed(trusted: TrustedKey, info: SignatureInfo): boolean {
  return (info.keyId ?? "") === trusted.keyId && (info.keyVersion ?? "") === trusted.keyVersion;
}

function isValidAt(trusted: TrustedKey, now: UnixSeconds): boolean {
  return trusted.from <= now && (trusted.until === null || now < trusted.until);
}

function namesOf(signatures: readonly ArchiveSignature[]): string {
  return signatures
    .map(({ info }) => JSON.stringify(`${info.keyId ?? ""}-${info.keyVersion ?? ""}`.slice(0, 60)))
    .join(", ");
}

function refusal(code: ArchiveErrorCode, message: string): CodedError<ArchiveErrorCode> {
  return new CodedError(code, message);
}
