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

/** What the app believes to be processed and is not. */
export interface DroppedArchive {
  readonly name: string;
  /** A refusal that the app is not told; or an archive that the system takes for one that it has had. */
  readonly reason: RefusalCode | "bytes_known" | "timing_known";
}

/** A file that verified; `name` is the line of the index. */
export interface AcceptedExport extends PhoneExport {
  readonly name: string;
}

/** The first failure ends the call and nothing of it is matched, unless the system drops single files silently. */
export type CallVerdict =
  | {
      readonly outcome: "accepted";
      readonly exports: readonly AcceptedExport[];
      readonly dropped: readonly DroppedArchive[];
    }
  | { readonly outcome: "refused"; readonly refused: RefusedArchive };

/** Which of several keys in force count: every alternative, the latest only, or none is asked for. */
export type Trust = "alternatives" | "latest" | "anything";

export interface Verifier {
  readonly kind: string;
  readonly trusts: Trust;
  /** `alternatives` are the keys that the operating system holds for the app at this moment. */
  judgeCall(files: readonly OfferedFile[], alternatives: readonly CosignSet[], tools: PhoneTools): CallVerdict;
}

/** The alternatives in force at `now`: those of which every key has begun and none has ended. */
export function keysAt(alternatives: readonly CosignSet[], now: UnixSeconds): CosignSet[] {
  return alternatives.filter((set) => set.every((key) => key.from <= now && (key.until === null || now < key.until)));
}

type ReadFile = (file: OfferedFile) => PhoneExport;

/** Reads every file with `read`; a refusal that it throws refuses the call in the name of that file. */
export function judgeEach(files: readonly OfferedFile[], read: ReadFile): CallVerdict {
  const exports: AcceptedExport[] = [];
  for (const file of files) {
    const answer = readOrRefuse(file, read);
    if ("reason" in answer) return { outcome: "refused", refused: answer };
    exports.push(answer);
  }
  return { outcome: "accepted", exports, dropped: [] };
}

/** What `read` makes of the file under its name, or the refusal that it throws. */
export function readOrRefuse(file: OfferedFile, read: ReadFile): AcceptedExport | RefusedArchive {
  try {
    return { ...read(file), name: file.name };
  } catch (error) {
    const reason = refusalCodeOf(error);
    if (reason === undefined) throw error;
    return { name: file.name, reason };
  }
}
