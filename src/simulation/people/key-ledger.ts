// What was entered into a world and what must come out of it: every key with the values it has to have in the end.

import type { UnixSeconds } from "../../core/clock.ts";
import { type ExposureKey } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { isRevoked } from "../../core/report-type.ts";

export interface KeyState {
  readonly at: UnixSeconds;
  /** The 24-byte record in hex: key and values. */
  readonly recordHex: string;
  readonly revoked: boolean;
}

export interface EnteredKey {
  readonly keyHex: string;
  /** As it was entered, then its revisions. */
  readonly states: readonly KeyState[];
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
  revise(keys: Iterable<ExposureKey>, at: UnixSeconds): void;
  readonly entered: ReadonlyMap<string, EnteredKey>;
}

export function createKeyLedger(): KeyLedger {
  const entered = new Map<string, EnteredKey>();
  return {
    entered,
    enter(keys, about) {
      for (const key of keys) {
        const keyHex = key.keyData.toHex();
        const state = stateOf(key, about.enteredAt);
        entered.set(keyHex, {
          keyHex,
          states: [state],
          recordHex: state.recordHex,
          revoked: state.revoked,
          at: about.at,
          enteredAt: about.enteredAt,
          releasedAt: about.releasedAt(key),
        });
      }
    },
    revise(keys, at) {
      for (const key of keys) {
        const keyHex = key.keyData.toHex();
        const known = entered.get(keyHex);
        if (known) {
          const state = stateOf(key, at);
          const { recordHex, revoked } = state;
          entered.set(keyHex, { ...known, recordHex, revoked, states: [...known.states, state] });
        }
      }
    },
  };
}

function stateOf(key: ExposureKey, at: UnixSeconds): KeyState {
  return { at, recordHex: KeyBatch.from([key]).bytes.toHex(), revoked: isRevoked(key.reportType) };
}
