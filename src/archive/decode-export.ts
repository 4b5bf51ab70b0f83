// Reads export.bin (KS 1.3, 1.5) and judges every key by itself.

import { CodedError } from "../core/coded-error.ts";
import type { Steps } from "../core/steps.ts";
import {
  type ArchiveErrorCode,
  type ArchiveHeader,
  type ArchiveLimits,
  type ArchiveProfile,
  DEFAULT_LIMITS,
  type ExportContent,
  type SignatureInfo,
  STRICT_PROFILE,
} from "./archive-types.ts";
import { KeyCollector, type KeyCounts } from "./collect-keys.ts";
import { EXPORT_HEADER, ExportField } from "./export-fields.ts";
import { readSignatureInfo } from "./signature-info.ts";
import { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";

/** Throws CodedError `archive_header_invalid` unless `bytes` begin with the 16 bytes of the format. */
export function requireExportHeader(bytes: Uint8Array): void {
  if (EXPORT_HEADER.every((byte, index) => bytes[index] === byte)) return;
  throw new CodedError<ArchiveErrorCode>("archive_header_invalid", "export.bin does not begin with EK Export v1");
}

/** Bytes of a step: a few milliseconds, whatever they hold. */
const SLICE_BYTES = 256 * 1024;

/**
 * What export.bin says, in steps. Fields may come in any order and unknown ones are passed over (DB 2.2); of a repeated
 * singular field the last counts. A key of any length or value is judged by itself and never harms its neighbours.
 * Throws CodedError `archive_header_invalid`, `archive_too_many_keys` (before any is read) or `archive_content_damaged`.
 */
export function* decodeExport(
  bytes: Uint8Array,
  limits: Pick<ArchiveLimits, "maxSignatures" | "maxKeys"> = DEFAULT_LIMITS,
  profile: Pick<ArchiveProfile, "onsetCodes"> = STRICT_PROFILE,
): Steps<ExportContent> {
  requireExportHeader(bytes);
  const counts = yield* countKeys(bytes, limits.maxKeys);
  const reader = readerOf(bytes);
  const header: { -readonly [Name in keyof ArchiveHeader]: ArchiveHeader[Name] } & { signatureInfos: SignatureInfo[] } =
    {
      start: 0,
      end: 0,
      region: "",
      batchNum: null,
      batchSize: null,
      signatureInfos: [],
    };
  const keys = new KeyCollector(reader, counts, profile);

  yield* readFields(reader, (tag) => {
    if (tag === KEYS) keys.collect("primary");
    else if (tag === REVISED_KEYS) keys.collect("revised");
    else if (tag === fieldTag(ExportField.start, WireType.fixed64)) header.start = reader.instant();
    else if (tag === fieldTag(ExportField.end, WireType.fixed64)) header.end = reader.instant();
    else if (tag === fieldTag(ExportField.region, WireType.delimited)) header.region = reader.text();
    else if (tag === fieldTag(ExportField.batchNum, WireType.varint)) header.batchNum = reader.int32();
    else if (tag === fieldTag(ExportField.batchSize, WireType.varint)) header.batchSize = reader.int32();
    else if (tag === fieldTag(ExportField.signatureInfos, WireType.delimited)) {
      if (header.signatureInfos.length >= limits.maxSignatures)
        throw reader.damage(`more than ${limits.maxSignatures} signature infos`);
      header.signatureInfos.push(readSignatureInfo(reader));
    } else reader.skipUnknown(tag, ExportField.start, ExportField.revisedKeys);
  });

  return { header, ...keys.finish() };
}

function* countKeys(bytes: Uint8Array, maxKeys: number): Steps<KeyCounts> {
  const counts = { primary: 0, revised: 0 };
  const reader = readerOf(bytes);
  yield* readFields(reader, (tag) => {
    if (tag === KEYS) counts.primary++;
    else if (tag === REVISED_KEYS) counts.revised++;
    if (counts.primary + counts.revised > maxKeys) throw tooManyKeys(maxKeys);
    reader.skip(tag);
  });
  return counts;
}

/** Calls `field` with each tag of export.bin. */
function* readFields(reader: WireReader, field: (tag: number) => void): Steps<void> {
  let pauseAt = SLICE_BYTES;
  while (!reader.atEnd) {
    if (reader.offset >= pauseAt) {
      pauseAt = reader.offset + SLICE_BYTES;
      yield;
    }
    field(reader.tag());
  }
}

function readerOf(bytes: Uint8Array): WireReader {
  return new WireReader(bytes, "archive_content_damaged", EXPORT_HEADER.length);
}

function tooManyKeys(maxKeys: number): CodedError<ArchiveErrorCode> {
  return new CodedError("archive_too_many_keys", `export.bin holds more than ${maxKeys} keys`);
}

const KEYS = fieldTag(ExportField.keys, WireType.delimited);
const REVISED_KEYS = fieldTag(ExportField.revisedKeys, WireType.delimited);
