// What people entered into a double world, with every state that a key had.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { releaseTime } from "../../../core/release-time.ts";
import { isRevoked } from "../../../core/report-type.ts";
import type { KeyState, KnownPersonKey } from "../../observe/observed.ts";
import { recordHexOf } from "./shelf.ts";
import { RELEASE } from "./take-upload.ts";

export interface DoubleLedger {
  /** A key that was entered before is not entered again. */
  enter(keys: readonly ExposureKey[], place: string, now: UnixSeconds): void;
  revise(keys: readonly ExposureKey[], now: UnixSeconds): void;
  list(): KnownPersonKey[];
}

export function createDoubleLedger(): DoubleLedger {
  const entered = new Map<string, KnownPersonKey & { readonly states: KeyState[] }>();
  return {
    enter(keys, place, now) {
      for (const key of keys) {
        const keyHex = key.keyData.toHex();
        if (entered.has(keyHex)) continue;
        const releasedAt = releaseTime(key, now, RELEASE);
        entered.set(keyHex, { keyHex, place, enteredAt: now, releasedAt, states: [stateOf(key, now)], excused: false });
      }
    },
    revise(keys, now) {
      for (const key of keys) entered.get(key.keyData.toHex())?.states.push(stateOf(key, now));
    },
    list: () => [...entered.values()],
  };
}

function stateOf(key: ExposureKey, at: UnixSeconds): KeyState {
  return { at, recordHex: recordHexOf(key), revoked: isRevoked(key.reportType) };
}
