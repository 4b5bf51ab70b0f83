// A small verification server's work: who was diagnosed gets a code, and the phone a certificate for the code (KS 4).

import { type Clock, MINUTE } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { ReportTypeName } from "../../core/report-type.ts";
import { createAuthorityKeys } from "./authority-keys.ts";

export interface Diagnosis {
  readonly reportType: ReportTypeName;
  /** Interval number; null: not known to the authority. */
  readonly onsetInterval: number | null;
}

export interface Verification {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** Takes a code and the HMAC of exposure keys; answers a certificate over both. */
  readonly certificateUrl: string;
  /** The code that a person is told. It is good for one HMAC, as often as the answer gets lost. */
  diagnose(diagnosis: Diagnosis): string;
  /** What its server answers to a request for `path`. */
  answer(path: string, body: Readonly<Record<string, unknown>>): VerificationAnswer;
}

export interface VerificationOptions {
  readonly issuer: string;
  readonly clock: Clock;
  readonly random: Random;
  /** When another signing key is published; it signs some hours later. */
  readonly rotatesAt: number;
  /** A bare list, as the reference wants it, or the standard object (KS 4.6). */
  readonly jwksForm: "list" | "object";
}

export type VerificationAnswer = readonly [status: number, body: object];

const AUDIENCE = "exposure-notifications-server";
const JWKS_PATH = "/.well-known/jwks.json";
const CERTIFICATE_PATH = "/api/certificate";
const CERTIFICATE_SECONDS = 15 * MINUTE;

/** As its server is reached under `url`. */
export function createVerification(options: VerificationOptions, url: string): Verification {
  const { issuer, clock, random, jwksForm } = options;
  const signingKeys = createAuthorityKeys(options.rotatesAt);
  const cases = new Map<string, Diagnosis & { certifiedHmac: string | null }>();

  const listKeys = (): VerificationAnswer => {
    const keys = signingKeys.published(clock.now());
    return [200, jwksForm === "list" ? keys : { keys }];
  };

  const certify = ({ token, ekeyhmac }: Readonly<Record<string, unknown>>): VerificationAnswer => {
    const found = cases.get(String(token));
    if (found === undefined || typeof ekeyhmac !== "string")
      return [400, { error: "the code or the HMAC is not valid" }];
    found.certifiedHmac ??= ekeyhmac;
    if (found.certifiedHmac !== ekeyhmac) return [400, { error: "the code was used for other keys" }];
    const [iat, exp] = [clock.now(), clock.now() + CERTIFICATE_SECONDS];
    const { reportType, onsetInterval } = found;
    const onset = onsetInterval === null ? {} : { symptomOnsetInterval: onsetInterval };
    const claims = { iss: issuer, aud: AUDIENCE, iat, exp, reportType, tekmac: ekeyhmac, ...onset };
    return [200, { certificate: signingKeys.sign(claims, iat) }];
  };

  return {
    issuer,
    audience: AUDIENCE,
    jwksUrl: `${url}${JWKS_PATH}`,
    certificateUrl: `${url}${CERTIFICATE_PATH}`,
    diagnose(diagnosis) {
      const code = random.bytes(16).toHex();
      cases.set(code, { ...diagnosis, certifiedHmac: null });
      return code;
    },
    answer(path, body) {
      if (path === JWKS_PATH) return listKeys();
      if (path === CERTIFICATE_PATH) return certify(body);
      return [404, { error: "there is nothing here" }];
    },
  };
}
