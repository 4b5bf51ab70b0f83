// Makes archives for the tests of phones, odd ones above all: any infos, signatures, batch fields, keys and entries.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type ArchiveSigner, ECDSA_SHA256, type SignatureInfo, type TrustedKey } from "../../archive/archive-types.ts";
import { type ArchiveInput, buildArchive } from "../../archive/build-archive.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { encodeSignatures } from "../../archive/signature-list.ts";
import { WireWriter } from "../../archive/wire-writer.ts";
import { writeZip, type ZipEntry } from "../../archive/write-zip.ts";
import type { UnjudgedKey } from "../../core/exposure-key.ts";

/** A key pair with the name under which it signs and is trusted. */
export interface TestSigner extends SignatureInfo {
  readonly privateKey: KeyObject;
  readonly trusted: TrustedKey;
}

export interface OddArchive {
  readonly signers: readonly TestSigner[];
  /** The infos in export.bin; those of the signers if not given. */
  readonly infos?: readonly SignatureInfo[];
  readonly start?: number;
  readonly end?: number;
  readonly region?: string;
  /** undefined: 1; null: absent. */
  readonly batchNum?: number | null;
  readonly batchSize?: number | null;
  readonly primaries?: readonly Partial<UnjudgedKey>[];
  readonly revised?: readonly Partial<UnjudgedKey>[];
  readonly metadataLast?: boolean;
  readonly unknownFields?: boolean;
  /** Instead of the usual header of 16 bytes. */
  readonly header?: string;
  /** Changes export.bin after it was signed. */
  readonly alter?: (exportBin: Uint8Array) => Uint8Array;
  /** Instead of the two entries in their usual order. */
  readonly entries?: (exportBin: Uint8Array, exportSig: Uint8Array) => ZipEntry[];
}

export function makeSigner(keyId: string, keyVersion: string): TestSigner {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const trusted = { keyId, keyVersion, publicKey: parsePublicKey(pem, nodeArchiveTools), from: 0, until: null };
  return { keyId, keyVersion, algorithm: ECDSA_SHA256, privateKey, trusted };
}

/** An archive as the server builds it. */
export async function buildSignedArchive(
  input: Omit<ArchiveInput, "signers">,
  signer: TestSigner,
): Promise<Uint8Array> {
  const archiveSigner: ArchiveSigner = {
    ...signer.trusted,
    sign: async (exportBin) => sign("sha256", exportBin, signer.privateKey),
  };
  return (await buildArchive({ ...input, signers: [archiveSigner] }, nodeArchiveTools)).bytes;
}

export async function makeArchive(odd: OddArchive): Promise<Uint8Array> {
  const exportBin = encodeOddExport(odd);
  const signatures = odd.signers.map(({ privateKey, ...info }) => ({
    info,
    batchNum: 1,
    batchSize: 1,
    signature: sign(info.algorithm?.endsWith(".4") === true ? "sha512" : "sha256", exportBin, privateKey),
  }));
  const shownBin = odd.alter?.(exportBin) ?? exportBin;
  const exportSig = encodeSignatures(signatures);
  const entries = odd.entries?.(shownBin, exportSig) ?? [
    { name: "export.bin", bytes: shownBin },
    { name: "export.sig", bytes: exportSig },
  ];
  return writeZip(entries, nodeArchiveTools);
}

function encodeOddExport(odd: OddArchive): Uint8Array {
  const writer = new WireWriter(1_024);
  writer.raw(new TextEncoder().encode(odd.header ?? "EK Export v1    "));
  const writeMetadata = (): void => {
    writer.fixed64Field(1, odd.start ?? 1_000);
    writer.fixed64Field(2, odd.end ?? 2_000);
    writer.textField(3, odd.region ?? "XX");
    if (odd.batchNum !== null) writer.varintField(4, odd.batchNum ?? 1);
    if (odd.batchSize !== null) writer.varintField(5, odd.batchSize ?? 1);
    for (const info of odd.infos ?? odd.signers) writer.bytesField(6, encodeInfo(info));
  };
  if (odd.metadataLast !== true) writeMetadata();
  if (odd.unknownFields === true) {
    writer.varintField(77, 1);
    writer.fixed64Field(78, 2);
    writer.textField(79, "unknown");
    writer.raw(Uint8Array.of(0x85, 0x05, 1, 2, 3, 4)); // field 80, four bytes
  }
  for (const exposureKey of odd.primaries ?? []) writer.bytesField(7, encodeKey(exposureKey));
  for (const exposureKey of odd.revised ?? []) writer.bytesField(8, encodeKey(exposureKey));
  if (odd.metadataLast === true) writeMetadata();
  return writer.finish();
}

function encodeInfo(info: SignatureInfo): Uint8Array {
  const writer = new WireWriter(64);
  if (info.keyVersion !== null) writer.textField(3, info.keyVersion);
  if (info.keyId !== null) writer.textField(4, info.keyId);
  if (info.algorithm !== null) writer.textField(5, info.algorithm);
  return writer.finish();
}

function encodeKey(values: Partial<UnjudgedKey>): Uint8Array {
  const writer = new WireWriter(64);
  if (values.keyData !== undefined) writer.bytesField(1, values.keyData);
  writeInt32(writer, 2, values.transmissionRisk);
  writeInt32(writer, 3, values.rollingStart);
  writeInt32(writer, 4, values.rollingPeriod);
  writeInt32(writer, 5, values.reportType);
  if (values.daysSinceOnset !== undefined) writer.sint32Field(6, values.daysSinceOnset);
  return writer.finish();
}

/** A negative int32 takes ten bytes on the wire. */
function writeInt32(writer: WireWriter, field: number, value: number | undefined): void {
  if (value === undefined) return;
  if (value >= 0) return writer.varintField(field, value);
  writer.raw(Uint8Array.of(field << 3));
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 0x80n) return writer.raw(Uint8Array.of(Number(rest)));
    writer.raw(Uint8Array.of(Number(rest & 0x7fn) | 0x80));
  }
}
