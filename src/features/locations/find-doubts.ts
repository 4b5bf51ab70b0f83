// What is possible with a seal and hardly ever meant: it has to be asked for by its name.

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Feeder, LocationErrorCode, Seal, SealDoubtName } from "./location-types.ts";

export interface SealDoubt {
  readonly name: SealDoubtName;
  readonly why: string;
}

const FAR_SECONDS = 366 * DAY;
const VERSION = /^v\d+$/i;

/** `seals`: all that the location has; `feeders`: what publishes there at the seal's beginning. */
export function findDoubts(
  seals: readonly Seal[],
  wanted: Seal,
  feeders: readonly Feeder[],
  now: UnixSeconds,
): SealDoubt[] {
  const signing = feeders.filter(({ signs }) => signs).map(tellFeeder);
  const found: (SealDoubt | false)[] = [
    looksSwapped(seals, wanted) && {
      name: "swapped-name",
      why: `the key id "${wanted.keyId}" looks like a version, and the version "${wanted.keyVersion}" like a key id`,
    },
    isRepeated(seals, wanted) && {
      name: "same-again",
      why: `the location has this very seal already (key id "${wanted.keyId}", version "${wanted.keyVersion}")`,
    },
    wanted.from > now + FAR_SECONDS && {
      name: "years-ahead",
      why: `the seal begins at ${isoTime(wanted.from)}, more than a year from now`,
    },
    wanted.signingKey === null &&
      signing.length > 0 && {
        name: "foreign-key",
        why: `${signing.join(", ")} could not publish there any more, since others have the private key`,
      },
  ];
  return found.filter((doubt) => doubt !== false);
}

/** Throws `location_seal_doubtful` for each that `meant` does not name. */
export function requireMeant(name: string, doubts: readonly SealDoubt[], meant: readonly SealDoubtName[] = []): void {
  const open = doubts.filter((doubt) => !meant.includes(doubt.name));
  if (open.length === 0) return;
  const why = open.map((doubt) => doubt.why).join("; ");
  const names = doubts.map((doubt) => doubt.name).join(",");
  throw new CodedError<LocationErrorCode>("location_seal_doubtful", `this seal of "${name}" is hardly meant: ${why}`, {
    remedy: `If it is meant, say so in reallyMeant: ${names}.`,
  });
}

export function tellFeeder({ kind, name }: Feeder): string {
  return `the ${kind} "${name}"`;
}

function looksSwapped(seals: readonly Seal[], { keyId, keyVersion }: Seal): boolean {
  const isCrossed = seals.some((one) => one.keyId === keyVersion && one.keyVersion === keyId);
  return isCrossed || (VERSION.test(keyId) && !VERSION.test(keyVersion));
}

/** Beside it in time there is a seal with the same key under the same name. */
function isRepeated(seals: readonly Seal[], wanted: Seal): boolean {
  const beside = [seals.findLast(({ from }) => from <= wanted.from), seals.find(({ from }) => from > wanted.from)];
  return beside.some(
    (one) =>
      one !== undefined &&
      one.signingKey === wanted.signingKey &&
      one.keyId === wanted.keyId &&
      one.keyVersion === wanted.keyVersion &&
      one.publicKeyPem === wanted.publicKeyPem,
  );
}
