// The iOS verifier: only the first signature counts, against the one key that is configured (DB 3.2).
// Later versions are not public; "first only" and "one bad file refuses the call" are the safe assumptions (DB 8).

import { judgeKeyIos } from "./key-rules.ts";
import type { PhoneTools } from "./phone-tools.ts";
import { type PhoneExport, readExport } from "./read-export.ts";
import { readSignatureList } from "./read-signature-list.ts";
import { readZipStream } from "./read-zip-stream.ts";
import { refusal } from "./refusal.ts";
import { type CosignSet, judgeEach, type OfferedFile, type Verifier } from "./verifier.ts";

export const iosFirstSignature: Verifier = {
  kind: "ios_first_signature",
  trusts: "latest",
  judgeCall: (files, alternatives, tools) => judgeEach(files, (file) => readVerified(file, alternatives, tools)),
};

function readVerified(file: OfferedFile, alternatives: readonly CosignSet[], tools: PhoneTools): PhoneExport {
  const { exportBin, exportSig } = takePair(file.bytes, tools);
  // One key is active at a time, the latest that was handed over (DB 3.1).
  const configured = alternatives.at(-1)?.at(-1);
  if (configured === undefined) throw refusal("public_key_missing", "no public key is configured for the app");
  const first = readSignatureList(exportSig)[0];
  if (first === undefined) throw refusal("unsigned", "export.sig holds no signature");
  // The version must be there; neither it nor the id is compared, and the algorithm is not read.
  if (first.info.keyVersion === null) throw refusal("signature_version_missing", "the signature has no key version");
  if (!tools.verify(configured.publicKey, "sha256", exportBin, first.signature)) {
    throw refusal("signature_mismatch", "the first signature does not verify with the configured key");
  }
  return readExport(exportBin, judgeKeyIos);
}

/** The app unzips and takes the pair that it finds; other entries do not disturb it (DB 3.1, covidgreen and CDS). */
function takePair(bytes: Uint8Array, tools: PhoneTools): { exportBin: Uint8Array; exportSig: Uint8Array } {
  const entries = readZipStream(bytes, tools);
  const exportBin = entries.find((entry) => entry.name === "export.bin")?.content;
  const exportSig = entries.find((entry) => entry.name === "export.sig")?.content;
  if (exportBin === undefined || exportSig === undefined) {
    throw refusal("zip_entries", "the zip does not hold a pair of export.bin and export.sig");
  }
  return { exportBin, exportSig };
}
