// The only way to a VerifiedArchive: structure, then trust, then content.

import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { releaseBytes } from "../core/release-bytes.ts";
import { runWithPauses } from "../core/steps.ts";
import type { ArchiveErrorCode, ArchiveHeader, ArchiveTools, TrustedKey, VerifiedArchive } from "./archive-types.ts";
import { decodeExport } from "./decode-export.ts";
import { type ReadOptions, type UnpackedArchive, unpackArchive } from "./unpack-archive.ts";
import { findTrustedSigner } from "./verify-signature.ts";

export interface OpenOptions extends ReadOptions {
  readonly trustedKeys: readonly TrustedKey[];
  /** When the trusted keys have to be valid. */
  readonly now: UnixSeconds;
}

/**
 * Checks size, zip, header and signature list, the signatures, the content, the batch numbers, in this order. No key
 * is read before a signature verified. Throws CodedError<ArchiveErrorCode> and nothing else, whatever `bytes` are.
 */
export async function openArchive(
  bytes: Uint8Array,
  options: OpenOptions,
  tools: ArchiveTools,
): Promise<VerifiedArchive> {
  const { exportBin, signatures, digest, signedBy } = await verifyArchive(bytes, options, tools);
  const content = await runWithPauses(decodeExport(exportBin, options.limits, options.profile), tools.letOthersWork);
  // An entry that is not compressed lies in the archive itself, which is not ours.
  if (exportBin.buffer !== bytes.buffer) releaseBytes(exportBin);
  if (options.profile?.batchParts !== true) requireWholeBatch(content.header);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes the branded type
  return { ...content, digest, signedBy, signatures } as VerifiedArchive;
}

/** The first half of `openArchive`, up to the signatures: enough where it is known which bytes were signed. */
export async function verifyArchive(
  bytes: Uint8Array,
  options: OpenOptions,
  tools: ArchiveTools,
): Promise<UnpackedArchive & Pick<VerifiedArchive, "signedBy">> {
  const unpacked = await unpackArchive(bytes, options, tools);
  return { ...unpacked, signedBy: await findTrustedSigner(unpacked.exportBin, unpacked.signatures, options, tools) };
}

/** An archive that is a part of several is never complete by itself, so that phones would wait for the others (DB 2.5, I13). */
function requireWholeBatch({ batchNum, batchSize }: ArchiveHeader): void {
  if ((batchNum ?? 1) === 1 && (batchSize ?? 1) === 1) return;
  throw new CodedError<ArchiveErrorCode>(
    "archive_batch_incomplete",
    `the archive says it is part ${batchNum ?? "?"} of ${batchSize ?? "?"}`,
  );
}
