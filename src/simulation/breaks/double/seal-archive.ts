// Makes an archive out of the pieces of the format, so that a broken server can put them together wrongly.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { ECDSA_SHA256, type SignatureInfo, type TrustedKey } from "../../../archive/archive-types.ts";
import { encodeExport } from "../../../archive/encode-export.ts";
import { orderKeys } from "../../../archive/order-keys.ts";
import { parsePublicKey } from "../../../archive/parse-public-key.ts";
import { encodeSignatures } from "../../../archive/signature-list.ts";
import { WireWriter } from "../../../archive/wire-writer.ts";
import { writeZip } from "../../../archive/write-zip.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import { doubleTools } from "./double-tools.ts";
import type { WindowKeys } from "./shelf.ts";

export interface DoubleSeal {
  readonly info: SignatureInfo;
  readonly trusted: TrustedKey;
  readonly privateKey: KeyObject;
}

export function makeSeal(keyId: string, keyVersion: string): DoubleSeal {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const trusted = { keyId, keyVersion, publicKey: parsePublicKey(pem, doubleTools), from: 0, until: null };
  return { info: { keyId, keyVersion, algorithm: ECDSA_SHA256 }, trusted, privateKey };
}

export interface ArchivePlan extends WindowKeys {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly region: string;
  /** Named in export.bin. */
  readonly infos: readonly SignatureInfo[];
  /** Those who sign, in order. */
  readonly seals: readonly DoubleSeal[];
  /** Others than 1 of 1. */
  readonly batch?: { readonly number: number; readonly size: number };
}

export async function sealArchive(plan: ArchivePlan): Promise<Uint8Array> {
  const exportBin = encodeBin(plan);
  const signatures = plan.seals.map(({ info, privateKey }) => ({
    info,
    batchNum: 1,
    batchSize: 1,
    signature: sign("sha256", exportBin, privateKey),
  }));
  const entries = [
    { name: "export.bin", bytes: exportBin },
    { name: "export.sig", bytes: encodeSignatures(signatures) },
  ];
  return writeZip(entries, doubleTools);
}

function encodeBin({ start, end, region, infos, primaries, revised, batch }: ArchivePlan): Uint8Array {
  const bin = encodeExport({
    start,
    end,
    region,
    signatureInfos: infos,
    primaries: orderKeys(KeyBatch.from(primaries)),
    revised: orderKeys(KeyBatch.from(revised)),
  });
  if (batch === undefined) return bin;
  // Of a field that comes twice the last one counts.
  const writer = new WireWriter(bin.length + 8);
  writer.raw(bin);
  writer.varintField(4, batch.number);
  writer.varintField(5, batch.size);
  return writer.finish();
}
