// What was entered into a world and what must come out of it: every key with the values it has to have in the end.

import type { UnixSeconds } from "../../core/clock.ts";
import { type ExposureKey } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { isRevoked } from "../../core/report-type.ts";

export interface EnteredKey {
  readonly keyHex: string;
  /** The 24-byte record in hex: key and the values in force. */
  readonly recordHex: string;
  readonly revoked: boolean;
  /** Where it was entered: "state", "nation". */
  readonly at: string;
  readonly enteredAt: UnixSeconds;
  /** From when on it may be exported. */
  readonly releasedAt: UnixSeconds;
}

export interface KeyLedger {
  enter(
    keys: Iterable<ExposureKey>,
    about: Pick<EnteredKey, "at" | "enteredAt"> & { releasedAt(key: ExposureKey): UnixSeconds },
  ): void;
  /** Later values of keys that were entered; those that were not are left out. */
  revise(keys: Iterable<ExposureKey>): void;
  readonly entered: ReadonlyMap<string, EnteredKey>;
}

export function createKeyLedger(): KeyLedger {
  const entered = new Map<string, EnteredKey>();
  return {
    entered,
    enter(keys, about) {
      for (const key of keys) {
        const keyHex = key.keyData.toHex();
        entered.set(keyHex, {
          keyHex,
          recordHex: recordHexOf(key),
          revoked: isRevoked(key.reportType),
          at: about.at,
          enteredAt: about.enteredAt,
          releasedAt: about.releasedAt(key),
        });
      }
    },
    revise(keys) {
      for (const key of keys) {
        const keyHex = key.keyData.toHex();
        const known = entered.get(keyHex);
        if (known) {
          entered.set(keyHex, { ...known, recordHex: recordHexOf(key), revoked: isRevoked(key.reportType) });
        }
      }
    },
  };
}

function recordHexOf(key: ExposureKey): string {
  return KeyBatch.from([key]).bytes.toHex();
}
