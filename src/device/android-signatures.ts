// Whether the signatures of one archive satisfy one of the alternatives that an Android phone holds (DB 2.4).

import { ECDSA_SHA256 } from "../archive/archive-types.ts";
import type { PhoneTools, SignatureHash } from "./phone-tools.ts";
import type { PhoneSignature } from "./read-signature-list.ts";
import { refusal } from "./refusal.ts";
import type { CosignSet } from "./verifier.ts";

/** What a signature does that names no key of the alternative: flag `ignoreUnmatchedSignatures`, true is "skipped". */
export type UnmatchedSignatures = "skipped" | "fail_alternative";

export interface SignedExport {
  /** All of export.bin, header included: that is what the signatures cover. */
  readonly exportBin: Uint8Array;
  readonly signatures: readonly PhoneSignature[];
  readonly alternatives: readonly CosignSet[];
  readonly unmatched: UnmatchedSignatures;
}

interface Attempt {
  readonly trusted: CosignSet[number];
  readonly hash: SignatureHash;
  readonly signature: Uint8Array;
}

const HASHES = new Map<string | null, SignatureHash>([
  [ECDSA_SHA256, "sha256"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

/**
 * Throws `public_key_missing`, `unsigned`, `signature_id_missing`, `algorithm_unsupported` or `signature_mismatch`.
 * Every alternative is prepared before any is verified, so that an unknown algorithm in one of them aborts the call.
 */
export function checkSignatures(signed: SignedExport, tools: PhoneTools): void {
  if (signed.alternatives.length === 0) throw refusal("public_key_missing", "no public key is known for the app");
  if (signed.signatures.length === 0) throw refusal("unsigned", "export.sig holds no signature");
  const prepared = signed.alternatives.map((set) => prepareAttempts(set, signed.signatures, signed.unmatched));
  const satisfied = prepared.some((attempts) =>
    attempts?.every(({ trusted, hash, signature }) =>
      tools.verify(trusted.publicKey, hash, signed.exportBin, signature),
    ),
  );
  if (!satisfied) throw refusal("signature_mismatch", "the signatures satisfy none of the alternatives");
}

/** What has to verify for this alternative; null when it fails without trying. */
function prepareAttempts(
  set: CosignSet,
  signatures: readonly PhoneSignature[],
  unmatched: UnmatchedSignatures,
): Attempt[] | null {
  if (signatures.length < set.length) return null;
  const attempts: Attempt[] = [];
  for (const { info, signature } of signatures) {
    if (info.keyId === null && signatures.length > 1) {
      throw refusal("signature_id_missing", "one of several signatures does not name its key");
    }
    const trusted = info.keyId === null ? onlyKeyOf(set) : set.find((key) => nameOf(key) === nameOf(info));
    if (trusted === undefined && unmatched === "fail_alternative") return null;
    if (trusted === undefined) continue;
    const hash = HASHES.get(info.algorithm);
    if (hash === undefined) throw refusal("algorithm_unsupported", `unsupported algorithm ${info.algorithm}`);
    attempts.push({ trusted, hash, signature });
  }
  const matched = new Set(attempts.map(({ trusted }) => nameOf(trusted)));
  return matched.size === set.length ? attempts : null;
}

/** A single signature without an id is tried against any alternative of one key; its version is ignored. */
function onlyKeyOf(set: CosignSet): CosignSet[number] | undefined {
  return set.length === 1 ? set[0] : undefined;
}

/** An absent version leaves the bare hyphen, which matches nothing that is normally configured. */
function nameOf(named: { readonly keyId: string | null; readonly keyVersion: string | null }): string {
  return `${named.keyId ?? ""}-${named.keyVersion ?? ""}`;
}
