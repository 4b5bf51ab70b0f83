// Makes a signed archive from keys.

import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import type { KeyBatch } from "../core/key-batch.ts";
import { releaseBytes } from "../core/release-bytes.ts";
import { runWithPauses, type Steps } from "../core/steps.ts";
import {
  type ArchiveErrorCode,
  type ArchiveSignature,
  type ArchiveSigner,
  type ArchiveTools,
  ECDSA_SHA256,
} from "./archive-types.ts";
import { encodeInSteps } from "./encode-export.ts";
import { orderInSteps } from "./order-keys.ts";
import { EXPORT_ENTRY, SIGNATURE_ENTRY } from "./read-zip.ts";
import { encodeSignatures } from "./signature-list.ts";
import { archiveDigest } from "./unpack-archive.ts";
import { LATEST_INSTANT } from "./wire-reader.ts";
import { writeZip } from "./write-zip.ts";

export interface ArchiveInput {
  /** Included; before `end`. */
  readonly start: UnixSeconds;
  /** Excluded. */
  readonly end: UnixSeconds;
  readonly region: string;
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** Their order is the order of the signatures; at least one, names distinct (DB 2.7). */
  readonly signers: readonly ArchiveSigner[];
}

/**
 * The zip and its SHA-256 in lower-case hex. Equal input and equal signatures give equal bytes.
 * Throws CodedError `archive_unsigned` without signers (KS E7), `archive_header_invalid` for a window that is none;
 * a signer's failure passes through.
 */
export async function buildArchive(
  input: ArchiveInput,
  tools: ArchiveTools,
): Promise<{ bytes: Uint8Array; digest: string }> {
  requireSigners(input.signers);
  requireWindow(input.start, input.end);
  const exportBin = await runWithPauses(encodeOrdered(input), tools.letOthersWork);
  const signatures = await sign(exportBin, input.signers);
  const entries = [
    { name: EXPORT_ENTRY, bytes: exportBin },
    { name: SIGNATURE_ENTRY, bytes: encodeSignatures(signatures) },
  ];
  const bytes = await writeZip(entries, tools);
  releaseBytes(exportBin);
  return { bytes, digest: await archiveDigest(bytes, tools) };
}

function* encodeOrdered(input: ArchiveInput): Steps<Uint8Array> {
  const primaries = yield* orderInSteps(input.primaries);
  const revised = yield* orderInSteps(input.revised);
  const exportBin = yield* encodeInSteps({
    ...input,
    signatureInfos: input.signers.map(signatureInfoOf),
    primaries,
    revised,
  });
  for (const copy of [primaries, revised]) releaseBytes(copy.bytes);
  return exportBin;
}

function sign(exportBin: Uint8Array, signers: readonly ArchiveSigner[]): Promise<ArchiveSignature[]> {
  return Promise.all(
    signers.map(async (signer) => {
      const signature = await signer.sign(exportBin);
      return { info: signatureInfoOf(signer), batchNum: 1, batchSize: 1, signature };
    }),
  );
}

/** Parts of a name that are empty are left out, as the reference does (KS 1.5). */
function signatureInfoOf({ keyId, keyVersion }: ArchiveSigner) {
  return { keyId: keyId || null, keyVersion: keyVersion || null, algorithm: ECDSA_SHA256 };
}

function requireSigners(signers: readonly ArchiveSigner[]): void {
  if (signers.length > 0) return;
  throw new CodedError<ArchiveErrorCode>("archive_unsigned", "an archive needs at least one signer");
}

function requireWindow(start: UnixSeconds, end: UnixSeconds): void {
  if (Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= LATEST_INSTANT) return;
  throw new CodedError<ArchiveErrorCode>("archive_header_invalid", `${start} to ${end} is not a window of time`);
}
