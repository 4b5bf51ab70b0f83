// Archives that are wrong in one way each; all the rest of them is right.

import { ECDSA_SHA256 } from "../../src/archive/archive-types.ts";
import { encodeExport } from "../../src/archive/encode-export.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { EXPORT_ENTRY, SIGNATURE_ENTRY } from "../../src/archive/read-zip.ts";
import { encodeSignatures } from "../../src/archive/signature-list.ts";
import { writeZip } from "../../src/archive/write-zip.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { SAMPLE_WINDOW, type SampleSigner } from "./sample-archives.ts";

/** `exportBin` with a valid signature, in a zip. */
export async function sealExport(
  exportBin: Uint8Array,
  { signer }: SampleSigner,
  others: readonly string[] = [],
): Promise<Uint8Array> {
  const info = { keyId: signer.keyId, keyVersion: signer.keyVersion, algorithm: ECDSA_SHA256 };
  const signature = await signer.sign(exportBin);
  const signatures = encodeSignatures([{ info, batchNum: 1, batchSize: 1, signature }]);
  const entries = [
    { name: EXPORT_ENTRY, bytes: exportBin },
    { name: SIGNATURE_ENTRY, bytes: signatures },
    ...others.map((name) => ({ name, bytes: Uint8Array.of(1) })),
  ];
  return writeZip(entries, nodeArchiveTools);
}

/** An export of these keys, and of one more whose key data has `length` bytes. */
export function exportWithKeyOfLength(primaries: KeyBatch, length: number): Uint8Array {
  const input = { ...SAMPLE_WINDOW, signatureInfos: [], primaries, revised: KeyBatch.empty };
  // Field 7 holds the keys, field 1 of a key its data; messages may be joined end to end.
  const key = Uint8Array.of(0x0a, length, ...new Uint8Array(length).fill(0xee), 0x18, 0x80, 0x80, 0xb6, 0x01);
  return Buffer.concat([encodeExport(input), Uint8Array.of(0x3a, key.length), key]);
}
