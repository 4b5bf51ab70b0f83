// What a double of a key server does with an upload: all or nothing, and nothing for what it holds already.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { releaseTime } from "../../../core/release-time.ts";
import type { Authority, AuthorityKey } from "./authority.ts";
import type { Has } from "./defect.ts";
import { recordHexOf, type Shelf } from "./shelf.ts";

export interface DoubleUpload {
  readonly keys: readonly ExposureKey[];
  readonly region: string;
  /** Who signed its certificate. */
  readonly signer: AuthorityKey;
  /** Whether the phone shows the token of an earlier upload. */
  readonly hasToken: boolean;
}

export const RELEASE = { truncateWindowSeconds: 3_600 };

/** False: refused, and nothing of it is stored. */
export function takeUpload(
  upload: DoubleUpload,
  { shelf, authority, has, now }: { shelf: Shelf; authority: Authority; has: Has; now: UnixSeconds },
): boolean {
  if (!authority.accepts(upload.signer)) return false;
  const known = upload.keys.map((key) => shelf.find(key));
  const isRepeat = known.some((stored) => stored?.origin === "upload");
  if (isRepeat && !upload.hasToken && has("repeated-upload-refused")) return false;
  if (known.some((stored) => stored?.origin === "import") && has("imported-key-blocks-upload")) return false;
  for (const [index, key] of upload.keys.entries()) {
    const stored = known[index];
    if (stored === undefined) {
      const releaseSameDayKeys = has("released-at-upload");
      const releasedAt = releaseTime(key, now, { ...RELEASE, releaseSameDayKeys });
      shelf.add(key, { region: upload.region, origin: "upload", releasedAt });
    } else if (upload.hasToken && recordHexOf(stored.original) !== recordHexOf(key)) shelf.revise(key, now);
  }
  return true;
}
