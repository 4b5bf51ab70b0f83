// What every verifier has in common: it judges one provide call, all files or none (DB 2.6).

import type { TrustedKey } from "../archive/archive-types.ts";
import type { UnixSeconds } from "../core/clock.ts";
import type { PhoneTools } from "./phone-tools.ts";
import type { PhoneExport } from "./read-export.ts";
import { type RefusalCode, refusalCodeOf } from "./refusal.ts";

/** One alternative: an archive satisfies it when every key in it has a valid signature (DB 2.3, "cosign set"). */
export type CosignSet = readonly TrustedKey[];

export interface OfferedFile {
  /** The line of the index. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface RefusedArchive {
  readonly name: string;
  readonly reason: RefusalCode;
}

/** The first failure ends the call; nothing of it is matched. */
export type CallVerdict =
  | { readonly outcome: "accepted"; readonly exports: readonly PhoneExport[] }
  | { readonly outcome: "refused"; readonly refused: RefusedArchive };

export interface Verifier {
  readonly kind: string;
  /** `alternatives` are the keys that the operating system holds for the app at this moment. */
  judgeCall(files: readonly OfferedFile[], alternatives: readonly CosignSet[], tools: PhoneTools): CallVerdict;
}

/** The alternatives in force at `now`: those of which every key has begun and none has ended. */
export function keysAt(alternatives: readonly CosignSet[], now: UnixSeconds): CosignSet[] {
  return alternatives.filter((set) => set.every((key) => key.from <= now && (key.until === null || now < key.until)));
}

/** Reads every file with `read`; a refusal that it throws refuses the call in the name of that file. */
export function judgeEach(files: readonly OfferedFile[], read: (file: OfferedFile) => PhoneExport): CallVerdict {
  const exports: PhoneExport[] = [];
  for (const file of files) {
    try {
      exports.push(read(file));
    } catch (error) {
      const reason = refusalCodeOf(error);
      if (reason === undefined) throw error;
      return { outcome: "refused", refused: { name: file.name, reason } };
    }
  }
  return { outcome: "accepted", exports };
}
