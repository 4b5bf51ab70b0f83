// The keys that a phone holds, with all their values, for comparing them with what was entered.

import type { UnixSeconds } from "../core/clock.ts";
import type { ExposureKey } from "../core/exposure-key.ts";
import { KeyBatch } from "../core/key-batch.ts";
import type { KnownKeys } from "./hold-keys.ts";

export interface HeldKey {
  /** The 16 key bytes in lower-case hex. */
  readonly keyHex: string;
  readonly values: ExposureKey;
  /** The KeyBatch record, 24 bytes in lower-case hex: key and all values, for comparing bytewise. */
  readonly recordHex: string;
  /** The check in which it first came, as original or revision. */
  readonly firstSeenAt: UnixSeconds;
}

/** Every known key but the revoked ones. */
export function* listHeldKeys(known: KnownKeys): Generator<HeldKey> {
  for (const [keyHex, { values, firstSeenAt, revoked }] of Object.entries(known)) {
    if (revoked) continue;
    const recordHex = keyHex + values;
    yield { keyHex, values: new KeyBatch(Buffer.from(recordHex, "hex")).at(0), recordHex, firstSeenAt };
  }
}
