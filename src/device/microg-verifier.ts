// The verifiers of microG: the app hears of success first, then bad archives are dropped one by one (DB 2.10).

import { judgeKeyAndroid } from "./key-rules.ts";
import type { PhoneTools } from "./phone-tools.ts";
import { type PhoneExport, readExport } from "./read-export.ts";
import { type PhoneSignature, readSignatureList } from "./read-signature-list.ts";
import { readZipStream } from "./read-zip-stream.ts";
import { refusal } from "./refusal.ts";
import {
  type AcceptedExport,
  type CosignSet,
  type OfferedFile,
  type RefusedArchive,
  readOrRefuse,
  type Trust,
  type Verifier,
} from "./verifier.ts";

/** Every signature must be one of the one key that is pinned for the package, the latest of those in force. */
export const microgPinned = createMicrogVerifier("microg_pinned", "latest", checkPinned);
/** A package without a pinned key: nothing is verified. */
export const microgOpen = createMicrogVerifier("microg_open", "anything", () => undefined);

interface SignedFile {
  readonly exportBin: Uint8Array;
  readonly exportSig: Uint8Array | undefined;
}

/** Throws a refusal. */
type CheckSeal = (file: SignedFile, alternatives: readonly CosignSet[], tools: PhoneTools) => void;

function createMicrogVerifier(kind: string, trusts: Trust, checkSeal: CheckSeal): Verifier {
  return {
    kind,
    trusts,
    judgeCall(files, alternatives, tools) {
      const exports: AcceptedExport[] = [];
      const dropped: RefusedArchive[] = [];
      for (const file of files) {
        const answer = readOrRefuse(file, () => readFile(file, alternatives, tools));
        if ("reason" in answer) dropped.push(answer);
        else exports.push(answer);
      }
      return { outcome: "accepted", exports, dropped };
    },
  };

  function readFile(file: OfferedFile, alternatives: readonly CosignSet[], tools: PhoneTools): PhoneExport {
    const entries = readZipStream(file.bytes, tools);
    const exportBin = entries.find(({ name }) => name === "export.bin")?.content;
    const exportSig = entries.find(({ name }) => name === "export.sig")?.content;
    if (exportBin === undefined) throw refusal("zip_entries", "the zip holds no export.bin");
    checkSeal({ exportBin, exportSig }, alternatives, tools);
    const content = readExport(exportBin, judgeKeyAndroid);
    if (content.aborts) throw refusal("key_values", "a key has an impossible value");
    return content;
  }
}

function checkPinned(
  { exportBin, exportSig }: SignedFile,
  alternatives: readonly CosignSet[],
  tools: PhoneTools,
): void {
  const pinned = alternatives.at(-1)?.at(-1);
  if (pinned === undefined) throw refusal("public_key_missing", "no public key is pinned for the package");
  if (exportSig === undefined) throw refusal("zip_entries", "the zip holds no export.sig");
  const signatures = readSignatureList(exportSig);
  if (signatures.length === 0) throw refusal("unsigned", "export.sig holds no signature");
  const fits = ({ signature }: PhoneSignature): boolean =>
    tools.verify(pinned.publicKey, "sha256", exportBin, signature);
  if (!signatures.every(fits)) throw refusal("signature_mismatch", "a signature is not one of the pinned key");
}
