// The content of many archives in few: every key once, with its last values (DB I22).

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { isRevoked } from "../../../core/report-type.ts";
import type { WindowKeys } from "./shelf.ts";

/** `count` archives at most; a revoked key stays a revision, so that phones which hold it let it go. */
export function compactKeys(archives: readonly (WindowKeys & { start: UnixSeconds })[], count: number): WindowKeys[] {
  const last = new Map<string, ExposureKey>();
  for (const { primaries, revised } of archives) {
    for (const key of [...primaries, ...revised]) last.set(key.keyData.toHex(), key);
  }
  const keys = [...last.values()];
  const size = Math.ceil(keys.length / count);
  const parts = Array.from({ length: count }, (_, index) => keys.slice(index * size, (index + 1) * size));
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({
      primaries: part.filter((key) => !isRevoked(key.reportType)),
      revised: part.filter((key) => isRevoked(key.reportType)),
    }));
}
