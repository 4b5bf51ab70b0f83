// Decides whose signature on export.bin is believed.

import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import {
  type ArchiveErrorCode,
  type ArchiveSignature,
  type ArchiveTools,
  ECDSA_SHA256_NAMES,
  type SignatureCandidate,
  type SignatureInfo,
  type TrustedKey,
} from "./archive-types.ts";

/** Who is trusted, and at which instant. */
export interface Trust {
  readonly trustedKeys: readonly TrustedKey[];
  readonly now: UnixSeconds;
}

/**
 * How many different signatures of one name are tried: more than any server was seen to make, and few enough that made-up
 * ones cost little.
 */
const TRIED_OF_A_NAME = 2;

/**
 * The name of the trusted key whose signature verifies. Names without a trusted key are ignored; the first different
 * signatures of a name are tried with every trusted key of it, as one name may occur several times in both lists; one
 * success suffices.
 * Throws CodedError: `archive_unsigned` (no signature at all), `archive_untrusted` (none names a key trusted now),
 * `archive_algorithm_unsupported` (those that do are not ECDSA with SHA-256), `archive_signature_invalid`.
 */
export async function findTrustedSigner(
  exportBin: Uint8Array,
  signatures: readonly ArchiveSignature[],
  trust: Trust,
  tools: ArchiveTools,
): Promise<{ keyId: string; keyVersion: string }> {
  if (signatures.length === 0) throw refusal("archive_unsigned", "the archive has no signature");
  const trustedNow = trust.trustedKeys.filter((trusted) => isValidAt(trusted, trust.now));
  const named = signatures.filter(({ info }) => trustedNow.some((trusted) => isNamed(trusted, info)));
  if (named.length === 0)
    throw refusal("archive_untrusted", `no trusted key is named ${namesOf(signatures)} at this time`);
  const usable = named.filter(({ info }) => isEcdsaSha256(info));
  if (usable.length === 0) throw refusal("archive_algorithm_unsupported", "the signature is not ECDSA with SHA-256");
  const candidates = candidatesOf(usable, trustedNow);
  const verdicts = await tools.verify(exportBin, candidates);
  const good = candidates[verdicts.indexOf(true)];
  if (good === undefined) throw refusal("archive_signature_invalid", "no signature fits content and trusted key");
  return { keyId: good.keyId, keyVersion: good.keyVersion };
}

type Candidate = SignatureCandidate & Pick<TrustedKey, "keyId" | "keyVersion">;

/** Each signature with each trusted key of its name, the same pair once, few of a name. */
function candidatesOf(signatures: readonly ArchiveSignature[], trustedKeys: readonly TrustedKey[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  const triedOf = new Map<string, Set<string>>();
  for (const { info, signature } of signatures) {
    const name = JSON.stringify([info.keyId ?? "", info.keyVersion ?? ""]);
    const tried = triedOf.get(name) ?? new Set<string>();
    triedOf.set(name, tried);
    const bytes = signature.join();
    if (!tried.has(bytes) && tried.size >= TRIED_OF_A_NAME) continue;
    tried.add(bytes);
    for (const { keyId, keyVersion, publicKey } of trustedKeys.filter((trusted) => isNamed(trusted, info))) {
      candidates.set(`${name} ${publicKey.pem} ${bytes}`, { keyId, keyVersion, publicKey, signature });
    }
  }
  return [...candidates.values()];
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
