// The first half of reading an archive: everything before its signature is judged and its keys are read.

import { CodedError } from "../core/coded-error.ts";
import {
  type ArchiveErrorCode,
  type ArchiveLimits,
  type ArchiveProfile,
  type ArchiveSignature,
  type ArchiveTools,
  DEFAULT_LIMITS,
  STRICT_PROFILE,
} from "./archive-types.ts";
import { requireExportHeader } from "./decode-export.ts";
import { readZip } from "./read-zip.ts";
import { decodeSignatures } from "./signature-list.ts";

export interface ReadOptions {
  /** By default no other entries. */
  readonly profile?: ArchiveProfile;
  readonly limits?: ArchiveLimits;
  /** The archive's digest where it is known already, so that it is not computed twice. */
  readonly digest?: string;
}

export interface UnpackedArchive {
  readonly exportBin: Uint8Array;
  readonly signatures: readonly ArchiveSignature[];
  /** SHA-256 of the zip, lower-case hex. */
  readonly digest: string;
}

/** Checks size, zip, header and signature list, in this order. Throws CodedError<ArchiveErrorCode>. */
export async function unpackArchive(
  bytes: Uint8Array,
  options: ReadOptions,
  tools: ArchiveTools,
): Promise<UnpackedArchive> {
  const { profile = STRICT_PROFILE, limits = DEFAULT_LIMITS } = options;
  requireSize(bytes, limits.maxBytes);
  const { exportBin, exportSig } = await readZip(bytes, profile, limits, tools);
  requireExportHeader(exportBin);
  const signatures = decodeSignatures(exportSig, limits.maxSignatures);
  return { exportBin, signatures, digest: options.digest ?? (await archiveDigest(bytes, tools)) };
}

/** The identity of an archive's bytes: SHA-256 in lower-case hex. */
export async function archiveDigest(bytes: Uint8Array, tools: ArchiveTools): Promise<string> {
  return (await tools.sha256(bytes)).toHex();
}

function requireSize(bytes: Uint8Array, maxBytes: number): void {
  if (bytes.length === 0) throw new CodedError<ArchiveErrorCode>("archive_empty", "the file is empty");
  if (bytes.length > maxBytes) {
    throw new CodedError<ArchiveErrorCode>("archive_too_large", `the file has more than ${maxBytes} bytes`);
  }
}
