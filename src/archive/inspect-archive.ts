// Reads what it can of an archive, no matter who signed it, and tells what is unusual about it.

import { codeOf } from "../core/coded-error.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { findRepeats } from "../core/sort-keys.ts";
import { runWithPauses } from "../core/steps.ts";
import {
  type ArchiveErrorCode,
  type ArchiveHeader,
  type ArchiveProfile,
  type ArchiveSignature,
  type ArchiveTools,
  DEFAULT_LIMITS,
  ECDSA_SHA256,
  type ExportContent,
  STRICT_PROFILE,
} from "./archive-types.ts";
import { decodeExport } from "./decode-export.ts";
import type { ReadArchive } from "./read-archive.ts";
import { EXPORT_ENTRY, extractEntry, isUsualEntry, requireEntry, requireFew, SIGNATURE_ENTRY } from "./read-zip.ts";
import { decodeSignatures } from "./signature-list.ts";
import { archiveDigest } from "./unpack-archive.ts";
import { isEcdsaSha256 } from "./verify-signature.ts";
import { readZipEntries } from "./zip-directory.ts";

/** A code of `openArchive` means that it refuses the archive for this, as it is or without a setting. */
export type ArchiveOddity =
  | Extract<
      ArchiveErrorCode,
      | "archive_entry_unexpected"
      | "archive_entry_doubled"
      | "archive_entry_missing"
      | "archive_zip_damaged"
      | "archive_inflate_failed"
      | "archive_inflated_too_large"
      | "archive_signature_list_damaged"
      | "archive_unsigned"
      | "archive_algorithm_unsupported"
      | "archive_batch_incomplete"
    >
  | "algorithm_by_name"
  | "signer_without_id"
  | "signer_without_version"
  | "region_absent"
  | "window_none"
  | "keys_absent"
  | "keys_doubled";

export interface Unusual {
  readonly oddity: ArchiveOddity;
  /** The entry, algorithm, part or code that it is about; empty where there is nothing to say. Of the archive: trust no byte. */
  readonly detail: string;
}

export interface InspectedArchive extends ReadArchive {
  readonly unusual: readonly Unusual[];
}

/**
 * `profile`: what is usual beyond the format. Throws CodedError<ArchiveErrorCode> where not even the keys can be read: a
 * zip whose structure is damaged, without an export.bin, or with one that cannot be inflated or decoded.
 */
export async function inspectArchive(
  bytes: Uint8Array,
  tools: ArchiveTools,
  profile: ArchiveProfile = STRICT_PROFILE,
  limits = DEFAULT_LIMITS,
): Promise<InspectedArchive> {
  const unusual: Unusual[] = [];
  const note = (oddity: ArchiveOddity, detail = "") => void unusual.push({ oddity, detail });
  const entries = readZipEntries(bytes, judgeNames(profile, note));
  const bin = requireEntry(entries, EXPORT_ENTRY, limits.maxExportBytes);
  const exportBin = await extractEntry(bin, tools, false);
  if ((await tools.crc32(exportBin)) !== bin.crc) note("archive_zip_damaged", EXPORT_ENTRY);
  const content = await runWithPauses(decodeExport(exportBin, limits, profile), tools.letOthersWork);
  let signatures: ArchiveSignature[] = [];
  try {
    const sig = requireEntry(entries, SIGNATURE_ENTRY, limits.maxSignatureBytes);
    signatures = decodeSignatures(await extractEntry(sig, tools, true), limits.maxSignatures);
    if (signatures.length === 0) note("archive_unsigned");
  } catch (error) {
    note(oddityOf(error), SIGNATURE_ENTRY);
  }
  for (const { info } of signatures) {
    if ((info.keyId ?? "") === "") note("signer_without_id");
    if ((info.keyVersion ?? "") === "") note("signer_without_version");
    if (!isEcdsaSha256(info)) note("archive_algorithm_unsupported", info.algorithm ?? "");
    else if (info.algorithm !== ECDSA_SHA256) note("algorithm_by_name", info.algorithm ?? "");
  }
  noteHeader(content.header, profile, note);
  await noteKeys(content, tools, note);
  return { content, signatures, exportBin, digest: await archiveDigest(bytes, tools), unusual };
}

type Note = (oddity: ArchiveOddity, detail?: string) => void;

function judgeNames(profile: ArchiveProfile, note: Note): (name: string) => void {
  const seen = new Set<string>();
  let count = 0;
  return (name) => {
    requireFew(count++);
    if (seen.has(name)) note("archive_entry_doubled", name);
    else if (!isUsualEntry(name, profile)) note("archive_entry_unexpected", name);
    seen.add(name);
  };
}

function noteHeader({ batchNum, batchSize, region, start, end }: ArchiveHeader, profile: ArchiveProfile, note: Note) {
  const isWhole = (batchNum ?? 1) === 1 && (batchSize ?? 1) === 1;
  if (!isWhole && !profile.batchParts) note("archive_batch_incomplete", `${batchNum ?? "?"} of ${batchSize ?? "?"}`);
  if (region === "") note("region_absent");
  if (start >= end) note("window_none");
}

async function noteKeys({ primaries, revised }: ExportContent, tools: ArchiveTools, note: Note): Promise<void> {
  const all = KeyBatch.concat([primaries, revised]);
  if (all.length === 0) note("keys_absent");
  if (await runWithPauses(findRepeats(all), tools.letOthersWork)) note("keys_doubled");
}

const SIGNATURE_ODDITIES = [
  "archive_entry_missing",
  "archive_zip_damaged",
  "archive_inflate_failed",
  "archive_inflated_too_large",
  "archive_signature_list_damaged",
] as const;

/** Takes an error of export.sig for a finding; throws any other error again. */
function oddityOf(error: unknown): ArchiveOddity {
  const code = codeOf(error);
  const oddity = SIGNATURE_ODDITIES.find((one) => one === code);
  if (oddity === undefined) throw error;
  return oddity;
}
