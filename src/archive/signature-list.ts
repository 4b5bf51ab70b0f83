// export.sig: the list of signatures over export.bin (KS 1.4 to 1.6).

import type { ArchiveSignature, SignatureInfo } from "./archive-types.ts";
import { encodeSignatureInfo, readSignatureInfo } from "./signature-info.ts";
import { WireReader } from "./wire-reader.ts";
import { fieldTag, WireType } from "./wire-tags.ts";
import { WireWriter } from "./wire-writer.ts";

const ListField = { signatures: 1 } as const;
const Field = { info: 1, batchNum: 2, batchSize: 3, signature: 4 } as const;

/** The bytes of export.sig. */
export function encodeSignatures(list: readonly ArchiveSignature[]): Uint8Array {
  const writer = new WireWriter(256);
  for (const signature of list) writer.bytesField(ListField.signatures, encodeSignature(signature));
  return writer.finish();
}

function encodeSignature(signature: ArchiveSignature): Uint8Array {
  const writer = new WireWriter(160);
  writer.bytesField(Field.info, encodeSignatureInfo(signature.info));
  if (signature.batchNum !== null) writer.varintField(Field.batchNum, signature.batchNum);
  if (signature.batchSize !== null) writer.varintField(Field.batchSize, signature.batchSize);
  writer.bytesField(Field.signature, signature.signature);
  return writer.finish();
}

/** The signatures in their order. Throws CodedError `archive_signature_list_damaged`, also for more than `maxSignatures`. */
export function decodeSignatures(bytes: Uint8Array, maxSignatures: number): ArchiveSignature[] {
  const reader = new WireReader(bytes, "archive_signature_list_damaged");
  const list: ArchiveSignature[] = [];
  reader.fields((tag) => {
    if (tag !== fieldTag(ListField.signatures, WireType.delimited)) return reader.skipUnknown(tag, 1, 1);
    if (list.length >= maxSignatures) throw reader.damage(`there are more than ${maxSignatures} signatures`);
    list.push(readSignature(reader));
  });
  return list;
}

function readSignature(reader: WireReader): ArchiveSignature {
  let info: SignatureInfo | null = null;
  let batchNum: number | null = null;
  let batchSize: number | null = null;
  let signature = new Uint8Array(0);
  reader.message((tag) => {
    if (tag === fieldTag(Field.info, WireType.delimited)) info = readSignatureInfo(reader, info);
    else if (tag === fieldTag(Field.batchNum, WireType.varint)) batchNum = reader.int32();
    else if (tag === fieldTag(Field.batchSize, WireType.varint)) batchSize = reader.int32();
    else if (tag === fieldTag(Field.signature, WireType.delimited)) signature = reader.view().slice();
    else reader.skipUnknown(tag, Field.info, Field.signature);
  });
  return { info: info ?? { keyId: null, keyVersion: null, algorithm: null }, batchNum, batchSize, signature };
}
