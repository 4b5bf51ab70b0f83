// The HMAC by which a certificate is good for certain exposure keys only (KS 4.4).

import { createHmac, timingSafeEqual } from "node:crypto";
import type { CertifiedKey, CertifiedRequest } from "./verification-types.ts";

export const MAC_LENGTH = 32;

/**
 * Whether `mac` was made over these exposure keys under this HMAC key. Where all risks are 0 the form without risks is
 * as good. The request keeps its order (KS P12). Equal texts stay in the order sent.
 */
export function matchesMac(mac: Uint8Array, { keys, hmacKey }: CertifiedRequest): boolean {
  if (keys.length === 0 || mac.length !== MAC_LENGTH) return false;
  const sorted = [...keys].sort(byText);
  const isMacOf = (text: string) => timingSafeEqual(createHmac("sha256", hmacKey).update(text).digest(), mac);
  const isWithRisks = isMacOf(sorted.map((one) => `${withoutRisk(one)}.${one.transmissionRisk}`).join(","));
  if (isWithRisks || keys.some(({ transmissionRisk }) => transmissionRisk !== 0)) return isWithRisks;
  return isMacOf(sorted.map(withoutRisk).join(","));
}

function withoutRisk({ key, rollingStartNumber, rollingPeriod }: CertifiedKey): string {
  return `${key}.${rollingStartNumber}.${rollingPeriod}`;
}

/** By the texts as sent, which are ASCII in every key that is one, so that this is their order as bytes. */
function byText(left: CertifiedKey, right: CertifiedKey): number {
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}
