// A seal as it is asked for: with a signing key of ours, or with the public key of others.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { parseInstant } from "../../platform/http/admin/admin-schemas.ts";
import type { NewSealBody } from "./admin-schemas.ts";
import type { NewLocation } from "./create-location.ts";
import type { LocationErrorCode } from "./location-types.ts";

/** Valid from `defaultFrom` on unless it says otherwise. Throws `location_seal_invalid` for both keys, and for none. */
export function toNewSeal(asked: NewSealBody, defaultFrom: UnixSeconds): NewLocation["seal"] {
  const { signingKey, publicKeyPem, keyId, keyVersion, reallyMeant = [] } = asked;
  const from = asked.from === undefined ? defaultFrom : parseInstant(asked.from);
  if (signingKey !== undefined && publicKeyPem === undefined)
    return { signingKey, keyId, keyVersion, from, reallyMeant };
  if (signingKey === undefined && publicKeyPem !== undefined) {
    return { signingKey: null, publicKeyPem, keyId, keyVersion, from, reallyMeant };
  }
  throw new CodedError<LocationErrorCode>(
    "location_seal_invalid",
    "a seal has either a signing key of this server or a public key of others",
    { remedy: "Give signingKey where this server signs, or publicKeyPem where it only carries what others signed." },
  );
}
