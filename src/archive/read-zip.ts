// Takes export.bin and export.sig out of a zip, strictly and within limits.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode, ArchiveLimits, ArchiveProfile, ArchiveTools } from "./archive-types.ts";
import { readZipEntries } from "./zip-directory.ts";
import type { LocatedEntry } from "./zip-entry.ts";
import { Method } from "./zip-layout.ts";

export const EXPORT_ENTRY = "export.bin";
export const SIGNATURE_ENTRY = "export.sig";

/**
 * The two entries, inflated and checked against size and checksum. The zip holds each of them once, in either order,
 * and of other entries only those that `profile` allows, each at most once; those are not looked into.
 * Throws CodedError: `archive_not_zip`, `archive_zip_damaged`, `archive_entry_unexpected`, `archive_entry_doubled`,
 * `archive_entry_missing`, `archive_inflated_too_large` (by what the zip declares, before inflating), `archive_inflate_failed`.
 */
export async function readZip(
  bytes: Uint8Array,
  profile: ArchiveProfile,
  limits: ArchiveLimits,
  tools: ArchiveTools,
): Promise<{ exportBin: Uint8Array; exportSig: Uint8Array }> {
  const entries = readZipEntries(bytes, nameJudge(profile));
  const exportEntry = requireEntry(entries, EXPORT_ENTRY, limits.maxExportBytes);
  const signatureEntry = requireEntry(entries, SIGNATURE_ENTRY, limits.maxSignatureBytes);
  return {
    exportBin: await extractEntry(exportEntry, tools, true),
    exportSig: await extractEntry(signatureEntry, tools, true),
  };
}

/** More entries than anybody was seen to put into an archive. */
const MOST_ENTRIES = 100;

/** A function that throws for a name that may not be there, or not once more. */
function nameJudge(profile: ArchiveProfile): (name: string) => void {
  const seen = new Set<string>();
  return (name) => {
    const shown = JSON.stringify(name.slice(0, 60));
    if (!isUsualEntry(name, profile)) throw refusal("archive_entry_unexpected", `the zip holds ${shown}`);
    if (seen.has(name)) throw refusal("archive_entry_doubled", `the zip holds ${shown} twice`);
    requireFew(seen.size);
    seen.add(name);
  };
}

/** Whether an entry of this name is part of the format, or allowed beside it. */
export function isUsualEntry(name: string, { otherEntries }: ArchiveProfile): boolean {
  return name === EXPORT_ENTRY || name === SIGNATURE_ENTRY || otherEntries === "any" || otherEntries.includes(name);
}

/** Throws `archive_entry_unexpected` where as many entries were read that one more is too many. */
export function requireFew(count: number): void {
  if (count < MOST_ENTRIES) return;
  throw refusal("archive_entry_unexpected", `the zip holds more than ${MOST_ENTRIES} entries`);
}

/** Throws CodedError `archive_entry_missing`, `archive_inflated_too_large` by what the zip declares. */
export function requireEntry(entries: readonly LocatedEntry[], name: string, maxBytes: number): LocatedEntry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw refusal("archive_entry_missing", `the zip does not hold ${name}`);
  if (entry.size > maxBytes) throw refusal("archive_inflated_too_large", `${name} has more than ${maxBytes} bytes`);
  return entry;
}

/** The content; an entry that is not compressed lies in the zip itself. Throws CodedError `archive_zip_damaged`, `archive_inflate_failed`. */
export async function extractEntry(
  entry: LocatedEntry,
  tools: ArchiveTools,
  checksumMatters: boolean,
): Promise<Uint8Array> {
  if (entry.method !== Method.stored && entry.method !== Method.deflated) {
    throw refusal("archive_zip_damaged", `${entry.name} is compressed in an unknown way`);
  }
  const content = entry.method === Method.stored ? entry.data : await inflate(entry, tools);
  if (content.length !== entry.size) throw refusal("archive_zip_damaged", `${entry.name} has not the declared size`);
  if (checksumMatters && (await tools.crc32(content)) !== entry.crc) {
    throw refusal("archive_zip_damaged", `the checksum of ${entry.name} is wrong`);
  }
  return content;
}

async function inflate(entry: LocatedEntry, tools: ArchiveTools): Promise<Uint8Array> {
  try {
    return await tools.inflate(entry.data, entry.size);
  } catch (cause) {
    throw refusal("archive_inflate_failed", `${entry.name} does not inflate to its declared size`, cause);
  }
}

function refusal(code: ArchiveErrorCode, message: string, cause?: unknown): CodedError<ArchiveErrorCode> {
  return new CodedError(code, message, { cause });
}
