// Reads export.sig and the infos in export.bin as phones do (DB 2.4, KS 1.5).

import type { SignatureInfo } from "../archive/archive-types.ts";
import { refusal } from "./refusal.ts";
import { WireReader } from "./wire-reader.ts";

export interface PhoneSignature {
  readonly info: SignatureInfo;
  /** ASN.1 DER. */
  readonly signature: Uint8Array;
}

/** In the order of the list. Throws `signature_list_damaged`. */
export function readSignatureList(exportSig: Uint8Array): PhoneSignature[] {
  try {
    const signatures: PhoneSignature[] = [];
    const fields = new WireReader(exportSig);
    while (fields.next()) {
      if (fields.field === 1) signatures.push(readSignature(fields.span()));
      else fields.skip();
    }
    return signatures;
  } catch (error) {
    throw refusal("signature_list_damaged", `export.sig is damaged: ${String(error)}`);
  }
}

function readSignature(span: Uint8Array): PhoneSignature {
  let info: SignatureInfo = { keyId: null, keyVersion: null, algorithm: null };
  let signature: Uint8Array = new Uint8Array(0);
  const fields = new WireReader(span);
  while (fields.next()) {
    if (fields.field === 1) info = readSignatureInfo(fields.span());
    else if (fields.field === 4) signature = fields.span();
    else fields.skip();
  }
  return { info, signature };
}

/** Throws RangeError. */
export function readSignatureInfo(span: Uint8Array): SignatureInfo {
  let keyVersion: string | null = null;
  let keyId: string | null = null;
  let algorithm: string | null = null;
  const fields = new WireReader(span);
  while (fields.next()) {
    if (fields.field === 3) keyVersion = fields.text();
    else if (fields.field === 4) keyId = fields.text();
    else if (fields.field === 5) algorithm = fields.text();
    else fields.skip();
  }
  return { keyId, keyVersion, algorithm };
}
