// Reads export.bin (KS 1.3, 1.5) and judges every key by itself.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode, ArchiveHeader, ArchiveProfile, ExportContent, SignatureInfo } from "./archive-types.ts";
import { DEFAULT_LIMITS, STRICT_PROFILE } from "./archive-types.ts";
import { KeyCollector } from "./collect-keys.ts";
import { EXPORT_HEADER, ExportField } from "./export-fields.ts";
import { readSignatureInfo } from "./signature-info.ts";
import { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";

/** Throws CodedError `archive_header_invalid` unless `bytes` begin with the 16 bytes of the format. */
export function requireExportHeader(bytes: Uint8Array): void {
  if (EXPORT_HEADER.every((byte, index) => bytes[index] === byte)) return;
  throw new CodedError<ArchiveErrorCode>("archive_header_invalid", "export.bin does not begin with EK Export v1");
}

/**
 * What export.bin says. Fields may come in any order and unknown ones are passed over (DB 2.2); of a repeated
 * singular field the last counts. A key of any length or value is judged by itself and never harms its neighbours.
 * Throws CodedError `archive_header_invalid` or `archive_content_damaged`.
 */
export function decodeExport(
  bytes: Uint8Array,
  maxSignatures: number = DEFAULT_LIMITS.maxSignatures,
  profile: Pick<ArchiveProfile, "onsetCodes"> = STRICT_PROFILE,
): ExportContent {
  requireExportHeader(bytes);
  const reader = new WireReader(bytes, "archive_content_damaged", EXPORT_HEADER.length);
  const header: { -readonly [Name in keyof ArchiveHeader]: ArchiveHeader[Name] } & { signatureInfos: SignatureInfo[] } =
    {
      start: 0,
      end: 0,
      region: "",
      batchNum: null,
      batchSize: null,
      signatureInfos: [],
    };
  const keys = new KeyCollector(reader, bytes.length, profile);

  reader.fields((tag) => {
    if (tag === KEYS) keys.collect("primary");
    else if (tag === REVISED_KEYS) keys.collect("revised");
    else if (tag === fieldTag(ExportField.start, WireType.fixed64)) header.start = reader.instant();
    else if (tag === fieldTag(ExportField.end, WireType.fixed64)) header.end = reader.instant();
    else if (tag === fieldTag(ExportField.region, WireType.delimited)) header.region = reader.text();
    else if (tag === fieldTag(ExportField.batchNum, WireType.varint)) header.batchNum = reader.int32();
    else if (tag === fieldTag(ExportField.batchSize, WireType.varint)) header.batchSize = reader.int32();
    else if (tag === fieldTag(ExportField.signatureInfos, WireType.delimited)) {
      if (header.signatureInfos.length >= maxSignatures)
        throw reader.damage(`more than ${maxSignatures} signature infos`);
      header.signatureInfos.push(readSignatureInfo(reader));
    } else reader.skipUnknown(tag, ExportField.start, ExportField.revisedKeys);
  });

  return { header, ...keys.finish() };
}

const KEYS = fieldTag(ExportField.keys, WireType.delimited);
const REVISED_KEYS = fieldTag(ExportField.revisedKeys, WireType.delimited);
