// The keys that a double of a server stores, and which of them belong into an export window.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { KeyBatch } from "../../../core/key-batch.ts";
import { isRevoked, mayBecome } from "../../../core/report-type.ts";

export interface StoredExposure {
  readonly keyHex: string;
  readonly original: ExposureKey;
  revision: ExposureKey | null;
  readonly region: string;
  readonly origin: "upload" | "import" | "generated";
  readonly releasedAt: UnixSeconds;
  revisedAt: UnixSeconds | null;
}

export interface WindowKeys {
  readonly primaries: readonly ExposureKey[];
  readonly revised: readonly ExposureKey[];
}

export interface Shelf {
  find(key: ExposureKey): StoredExposure | undefined;
  add(key: ExposureKey, about: Pick<StoredExposure, "region" | "origin" | "releasedAt">): void;
  /** False where the stored key may not become this one; nothing is changed then. */
  revise(key: ExposureKey, now: UnixSeconds): boolean;
  /** Start included, end excluded. What was revised before its first export comes with its last values. */
  keysOfWindow(start: UnixSeconds, end: UnixSeconds, belongs: (stored: StoredExposure) => boolean): WindowKeys;
}

export function createShelf(): Shelf {
  const stored = new Map<string, StoredExposure>();
  return {
    find: (key) => stored.get(key.keyData.toHex()),
    add(key, about) {
      const keyHex = key.keyData.toHex();
      stored.set(keyHex, { keyHex, original: key, revision: null, revisedAt: null, ...about });
    },
    revise(key, now) {
      const known = stored.get(key.keyData.toHex());
      if (known === undefined) return false;
      const isApplied = known.revision !== null && recordHexOf(known.revision) === recordHexOf(key);
      if (isApplied || recordHexOf(known.original) === recordHexOf(key)) return true;
      if (known.revision !== null || !mayBecome(known.original.reportType, key.reportType)) return false;
      known.revision = key;
      known.revisedAt = now;
      return true;
    },
    keysOfWindow(start, end, belongs) {
      const primaries: ExposureKey[] = [];
      const revised: ExposureKey[] = [];
      for (const exposure of stored.values()) {
        const { original, revision, releasedAt, revisedAt } = exposure;
        if (!belongs(exposure)) continue;
        const current = revision !== null && (revisedAt ?? 0) < end ? revision : original;
        if (start <= releasedAt && releasedAt < end) {
          if (!isRevoked(current.reportType)) primaries.push(current);
        } else if (revision !== null && revisedAt !== null && start <= revisedAt && revisedAt < end) {
          if (releasedAt < start) revised.push(revision);
        }
      }
      return { primaries, revised };
    },
  };
}

export function recordHexOf(key: ExposureKey): string {
  return KeyBatch.from([key]).bytes.toHex();
}
