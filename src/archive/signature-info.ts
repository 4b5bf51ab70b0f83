// SignatureInfo, the message that export.bin and export.sig share (KS 1.5).

import type { SignatureInfo } from "./archive-types.ts";
import type { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";
import { WireWriter } from "./wire-writer.ts";

const Field = { keyVersion: 3, keyId: 4, algorithm: 5 } as const;

export function encodeSignatureInfo(info: SignatureInfo): Uint8Array {
  const writer = new WireWriter(64);
  if (info.keyVersion !== null) writer.textField(Field.keyVersion, info.keyVersion);
  if (info.keyId !== null) writer.textField(Field.keyId, info.keyId);
  if (info.algorithm !== null) writer.textField(Field.algorithm, info.algorithm);
  return writer.finish();
}

/** Reads the embedded message at the reader; `earlier` is the same field met before, which protobuf merges. */
export function readSignatureInfo(reader: WireReader, earlier: SignatureInfo | null = null): SignatureInfo {
  let { keyId, keyVersion, algorithm } = earlier ?? { keyId: null, keyVersion: null, algorithm: null };
  reader.message((tag) => {
    if (tag === fieldTag(Field.keyVersion, WireType.delimited)) keyVersion = reader.text();
    else if (tag === fieldTag(Field.keyId, WireType.delimited)) keyId = reader.text();
    else if (tag === fieldTag(Field.algorithm, WireType.delimited)) algorithm = reader.text();
    else reader.skipUnknown(tag, Field.keyVersion, Field.algorithm);
  });
  return { keyId, keyVersion, algorithm };
}
