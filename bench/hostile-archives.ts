// Archives within every limit that cost as much as possible to read, unsigned and under the seal that is trusted.

import { randomBytes } from "node:crypto";
import { ECDSA_SHA256 } from "../src/archive/archive-types.ts";
import { encodeExport } from "../src/archive/encode-export.ts";
import { EXPORT_HEADER, ExportField, KeyField } from "../src/archive/export-fields.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { encodeSignatures } from "../src/archive/signature-list.ts";
import { WireWriter } from "../src/archive/wire-writer.ts";
import { writeZip } from "../src/archive/write-zip.ts";
import { KeyBatch, RECORD_LENGTH } from "../src/core/key-batch.ts";
import { keysOfPeople, type SampleSigner } from "../test/support/sample-archives.ts";

const MEBIBYTE = 1024 * 1024;
const MOST_BYTES = 64 * MEBIBYTE;
const SIGNATURES = 32;
const WINDOW = { start: 1_795_132_800, end: 1_795_147_200, region: "XX" };
const UNKNOWN_FIELD = 1_000;

/** What it is, and the bytes; each is made when its turn comes. */
export type HostileArchive = readonly [what: string, make: (signer: SampleSigner) => Promise<Uint8Array>];

export const HOSTILE_ARCHIVES: readonly HostileArchive[] = [
  ["zeros, 32 bogus signatures", (signer) => bogus(zeros(), signer, () => randomBytes(70))],
  ["zeros, 32 times the same bogus signature", (signer) => bogus(zeros(), signer, () => new Uint8Array(70).fill(48))],
  ["zeros, 32 well-formed signatures of others", async (signer) => bogus(zeros(), signer, wellFormed)],
  ["half a million keys, 32 bogus signatures", (signer) => bogus(keys(500_000), signer, wellFormed)],
  ["signed: 750,000 keys", (signer) => signed(keys(750_000), signer)],
  ["signed: 1,000,000 keys", (signer) => signed(keys(1_000_000), signer)],
  ["signed: 1,000,000 keys that begin alike", (signer) => signed(alike(1_000_000), signer)],
  ["signed: 1,700,000 keys", (signer) => signed(keys(1_700_000), signer)],
  ["signed: 33 million empty keys", (signer) => signed(repeated(Uint8Array.of(ExportField.keys * 8 + 2, 0)), signer)],
  ["signed: one key of 64 MiB of fields", (signer) => signed(oneMessage(ExportField.keys, UNKNOWN), signer)],
  [
    "signed: one key of 64 MiB that names its risk again",
    (signer) => signed(oneMessage(ExportField.keys, Uint8Array.of(KeyField.transmissionRisk * 8, 1)), signer),
  ],
  [
    "signed: one signer of 64 MiB of names",
    (signer) => signed(oneMessage(ExportField.signatureInfos, Uint8Array.of(4 * 8 + 2, 1, 65)), signer),
  ],
  ["signed: a region of 64 MiB", (signer) => signed(oneMessage(ExportField.region, Uint8Array.of(88)), signer)],
  ["signed: 20 million unknown fields", (signer) => signed(repeated(UNKNOWN), signer)],
];

/** Tag and value of an unknown field. */
const UNKNOWN = unknownField();

function unknownField(): Uint8Array {
  const writer = new WireWriter(8);
  writer.varintField(UNKNOWN_FIELD, 1);
  return writer.finish().slice();
}

function zeros(): Uint8Array {
  const bytes = new Uint8Array(MOST_BYTES);
  bytes.set(EXPORT_HEADER);
  return bytes;
}

function keys(count: number): Uint8Array {
  return exportOf(keysOfPeople(Math.ceil(count / 14)).slice(0, count));
}

/** Their first four bytes, by which others are sorted, are the same. */
function alike(count: number): Uint8Array {
  const { bytes } = keysOfPeople(Math.ceil(count / 14)).slice(0, count);
  for (let at = 0; at < bytes.length; at += RECORD_LENGTH) bytes.fill(7, at, at + 4);
  return exportOf(new KeyBatch(bytes));
}

function exportOf(primaries: KeyBatch): Uint8Array {
  return encodeExport({ ...WINDOW, primaries, revised: KeyBatch.empty, signatureInfos: [] });
}

/** A window, and then the same field again and again. */
function repeated(field: Uint8Array): Uint8Array {
  return filled(head(), field);
}

/** A window, and then one message of the same field again and again. */
function oneMessage(number: number, field: Uint8Array): Uint8Array {
  const writer = new WireWriter(MOST_BYTES);
  writer.raw(head());
  writer.bytesField(number, filled(new Uint8Array(0), field, MOST_BYTES - 1_024));
  return writer.finish();
}

function head(): Uint8Array {
  return encodeExport({ ...WINDOW, primaries: KeyBatch.empty, revised: KeyBatch.empty, signatureInfos: [] });
}

function filled(beginning: Uint8Array, field: Uint8Array, most = MOST_BYTES): Uint8Array {
  const count = Math.floor((most - beginning.length) / field.length);
  const bytes = Buffer.alloc(beginning.length + count * field.length, field);
  const shifted = Buffer.concat([beginning, bytes.subarray(0, count * field.length)]);
  return new Uint8Array(shifted.buffer, shifted.byteOffset, shifted.length);
}

function wellFormed(): Uint8Array {
  const [r, s] = [randomBytes(32), randomBytes(32)];
  for (const half of [r, s]) half[0] = 0x11;
  return Buffer.concat([Uint8Array.of(0x30, 68, 2, 32), r, Uint8Array.of(2, 32), s]);
}

function bogus(exportBin: Uint8Array, signer: SampleSigner, signature: () => Uint8Array): Promise<Uint8Array> {
  return zip(exportBin, signer, Array.from({ length: SIGNATURES }, signature));
}

async function signed(exportBin: Uint8Array, signer: SampleSigner): Promise<Uint8Array> {
  return zip(exportBin, signer, [await signer.signer.sign(exportBin)]);
}

/** All signatures name the trusted key. */
function zip(exportBin: Uint8Array, { trustedKey }: SampleSigner, signatures: readonly Uint8Array[]) {
  const info = { keyId: trustedKey.keyId, keyVersion: trustedKey.keyVersion, algorithm: ECDSA_SHA256 };
  const list = signatures.map((signature) => ({ info, batchNum: 1, batchSize: 1, signature }));
  const entries = [
    { name: "export.bin", bytes: exportBin },
    { name: "export.sig", bytes: encodeSignatures(list) },
  ];
  return writeZip(entries, nodeArchiveTools);
}
