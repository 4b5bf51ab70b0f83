// What certificates and tokens for statistics have in common: who says it, to whom, when, and under which signature.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KnownAuthority, KnownAuthorityKey } from "./authority-directory.ts";
import { refusalOfTimes } from "./judge-times.ts";
import { parseJws } from "./jws/parse-jws.ts";
import { verifySignature } from "./jws/verify-signature.ts";
import { readCommonClaims } from "./read-claims.ts";
import type { VerificationDeps } from "./verification-deps.ts";
import { isValid, refusal } from "./verification-types.ts";

export interface VerifiedJwt {
  readonly authority: KnownAuthority;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Header and payload, which the signature is over. */
  readonly signedText: string;
  readonly expiresAt: UnixSeconds;
}

export type VerifyDeps = Pick<VerificationDeps, "directory" | "settings" | "report">;

/** Checks in the order of KS 4.2, the cheap before the dear. Throws the `jwt_` codes, and `database_unreachable`. */
export async function verifyJwt(
  { directory, settings }: VerifyDeps,
  text: string,
  audienceOf: (authority: KnownAuthority) => string,
  now: UnixSeconds,
): Promise<VerifiedJwt> {
  const { kid, claims, signedText, signature } = parseJws(text);
  const { iss, aud, ...times } = readCommonClaims(claims);
  const authority = await directory.find(iss);
  if (authority === undefined) throw refusal("jwt_issuer_unknown", `no authority has the issuer ${shown(iss)}`);
  if (aud !== audienceOf(authority)) {
    throw refusal("jwt_audience_wrong", `${authority.name}: the audience is ${shown(aud)}`);
  }
  const authorityKey = findKey(authority, kid, now);
  const refused = refusalOfTimes(times, now, settings);
  if (refused !== null) throw refusal(refused, `${authority.name}: its time is not now, or too long`);
  if (!(await verifySignature(authorityKey.publicKey(), signedText, signature))) {
    throw refusal("jwt_signature_invalid", `${authority.name}: the signature does not fit`);
  }
  return { authority, claims, signedText, expiresAt: times.exp ?? now };
}

function findKey({ name, authorityKeys }: KnownAuthority, kid: string, now: UnixSeconds): KnownAuthorityKey {
  const ofVersion = authorityKeys.filter(({ version }) => version === kid);
  if (ofVersion.length === 0) throw refusal("jwt_key_unknown", `${name}: it has no key ${shown(kid)}`);
  const valid = ofVersion.find((one) => isValid(one, now));
  if (valid !== undefined) return valid;
  throw refusal("jwt_key_not_valid", `${name}: the key ${shown(kid)} is not valid now`);
}

/** A stranger's text as it may be logged. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
