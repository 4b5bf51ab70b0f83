// The seal in force, and signing under it: one index carries one seal at any moment (DB I14).

import type { ArchiveSigner, ArchiveTools, TrustedKey } from "../../archive/archive-types.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { SigningKeys } from "../../platform/keys/signing-keys.ts";
import type { Location, LocationErrorCode, Seal } from "./location-types.ts";

/** The seal valid at `now`; throws `location_no_seal`, so that nothing is ever published unsigned (KS E7). */
export function currentSeal(location: Location, seals: readonly Seal[], now: UnixSeconds): Seal {
  const seal = seals.find((one) => one.from <= now && (one.until === null || now < one.until));
  if (seal) return seal;
  throw new CodedError<LocationErrorCode>(
    "location_no_seal",
    `location "${location.name}" has no seal that is valid at ${isoTime(now)}`,
    { remedy: "Add a seal whose time includes now; nothing was published and nothing is lost." },
  );
}

/** Signs with the seal's signing key; throws `location_seal_foreign` where others sign. */
export function sealSigner(seal: Seal, signingKeys: SigningKeys): ArchiveSigner {
  const { signingKey } = seal;
  if (signingKey === null) {
    throw new CodedError<LocationErrorCode>(
      "location_seal_foreign",
      `the archives under ${seal.keyId} ${seal.keyVersion} are signed elsewhere and can only be copied`,
    );
  }
  return { ...seal, sign: (bytes) => signingKeys.sign(signingKey, bytes) };
}

/** The location's seals as keys to verify with; for archives that carry them, whatever the time. */
export function sealsAsTrustedKeys(seals: readonly Seal[], tools: ArchiveTools): TrustedKey[] {
  return seals.map((seal) => ({
    keyId: seal.keyId,
    keyVersion: seal.keyVersion,
    publicKey: parsePublicKey(seal.publicKeyPem, tools),
    from: 0,
    until: null,
  }));
}
