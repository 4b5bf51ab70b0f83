// Whether a location may take a further seal: what phones could not follow is refused, whoever asks.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Seal } from "./location-types.ts";

export interface SealProblem {
  /** Goes on after "a seal of <location>". */
  readonly message: string;
  readonly remedy: string;
}

/** Null where nothing stands against it. `seals` are all that the location has or had. */
export function judgeSeal(
  seals: readonly Seal[],
  lastAppendedAt: UnixSeconds | null,
  wanted: Seal,
  now: UnixSeconds,
): SealProblem | null {
  return findOtherKey(seals, wanted) ?? findWrongBeginning(seals, lastAppendedAt, wanted.from, now);
}

/** Phones look a public key up by id and version, and refuse every archive that another key signed (DB 6). */
function findOtherKey(seals: readonly Seal[], wanted: Seal): SealProblem | null {
  const used = seals.find(({ keyId, keyVersion }) => keyId === wanted.keyId && keyVersion === wanted.keyVersion);
  if (used === undefined || used.publicKeyPem === wanted.publicKeyPem) return null;
  return {
    message:
      `cannot carry another public key under the key id "${used.keyId}" and the version "${used.keyVersion}", ` +
      `which ${used.signingKey === null ? "a public key of others" : `the signing key "${used.signingKey}"`} ` +
      `has from ${isoTime(used.from)} on: phones would refuse every later archive`,
    remedy: "Give keyVersion a value that this location never used, and have phones learn the new public key first.",
  };
}

function findWrongBeginning(
  seals: readonly Seal[],
  lastAppendedAt: UnixSeconds | null,
  from: UnixSeconds,
  now: UnixSeconds,
): SealProblem | null {
  const remedy = "Leave its beginning out for now, or name a later instant.";
  const inForce = seals.findLast((one) => one.from <= now);
  const isTaken = seals.some((one) => one.from === from);
  if (isTaken || (inForce && from < inForce.from)) {
    return { message: "must begin after the one before it, since one index carries one seal at a time", remedy };
  }
  if (lastAppendedAt === null || lastAppendedAt <= from) return null;
  const message = `cannot begin before ${isoTime(lastAppendedAt)}: until then archives were published under the one before`;
  return { message, remedy };
}
