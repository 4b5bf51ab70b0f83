// One provide call as the operating system takes it: quota, verification, matching (DB 2, 3, 4, 5).

import type { UnixSeconds } from "../core/clock.ts";
import type { HoldingOutcome } from "./hold-keys.ts";
import type { KeyHolding } from "./key-holding.ts";
import { type KnownBy, sortByBytes, sortByTiming } from "./known-archives.ts";
import { countOutsideWindow } from "./match-window.ts";
import type { SystemMemory } from "./phone-memory.ts";
import type { PhoneTools } from "./phone-tools.ts";
import { leftOf, type ProvideQuota, recentAt } from "./provide-quota.ts";
import {
  type CosignSet,
  type DroppedArchive,
  keysAt,
  type OfferedFile,
  type RefusedArchive,
  type Verifier,
} from "./verifier.ts";

export interface PhoneSystem {
  readonly verifier: Verifier;
  readonly holding: KeyHolding;
  readonly quota: ProvideQuota;
  readonly knownBy: KnownBy;
  /** Over time; what the operating system holds at a call is `keysAt` of it. */
  readonly trustedKeys: readonly CosignSet[];
  readonly tools: PhoneTools;
}

export type CallResult =
  | { readonly outcome: "above_quota" }
  | { readonly outcome: "refused"; readonly refused: RefusedArchive }
  | {
      readonly outcome: "accepted";
      /** Lines of the files that were matched. */
      readonly accepted: readonly string[];
      readonly dropped: readonly DroppedArchive[];
      readonly held: HoldingOutcome;
      readonly keysOutsideWindow: number;
    };

/** Hands `files` over at `now`; `ownNow` is what the phone's clock shows. Changes `memory`. */
export function provideFiles(
  system: PhoneSystem,
  memory: SystemMemory,
  files: readonly OfferedFile[],
  { now, ownNow }: { readonly now: UnixSeconds; readonly ownNow: UnixSeconds },
): CallResult {
  const { verifier, holding, quota, knownBy, tools } = system;
  if (leftOf(quota.callsPerDay, memory.provideCalls, ownNow) === 0) return { outcome: "above_quota" };
  const offered = knownBy === "bytes" ? sortByBytes(memory.archives, files, tools) : { fresh: files, dropped: [] };
  const verdict = verifier.judgeCall(offered.fresh, keysAt(system.trustedKeys, now), tools);
  if (verdict.outcome === "accepted" || quota.countsRefusedCalls) countCall(memory, files.length, ownNow);
  if (verdict.outcome === "refused") return verdict;

  const { exports } = verdict;
  const matched = knownBy === "timing" ? sortByTiming(memory.archives, exports) : { fresh: exports, dropped: [] };
  return {
    outcome: "accepted",
    accepted: matched.fresh.map(({ name }) => name),
    dropped: [...offered.dropped, ...verdict.dropped, ...matched.dropped],
    held: holding.hold(memory.keys, matched.fresh, now),
    keysOutsideWindow: matched.fresh.reduce((count, { primaries }) => count + countOutsideWindow(primaries, ownNow), 0),
  };
}

function countCall(memory: SystemMemory, fileCount: number, ownNow: UnixSeconds): void {
  memory.provideCalls = [...recentAt(memory.provideCalls, ownNow), ownNow];
  memory.providedFiles = [...recentAt(memory.providedFiles, ownNow), ...Array<UnixSeconds>(fileCount).fill(ownNow)];
}
