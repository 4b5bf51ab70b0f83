// Writing an archive's object under the first free name behind everything published.

import { archiveName } from "../../archive/archive-name.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { headersOf } from "../../platform/blobs/object-headers.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";

export interface StoredObject {
  readonly line: string;
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly digest: string;
  readonly byteCount: number;
}

const ATTEMPTS = 5;

/**
 * Moves the supplied window behind the location's last end and out of the future, so that names and windows rise strictly
 * and never overlap (DB I10, I13), and writes what `make` answers for it. An object that exists is never replaced: names that runs which died
 * before their commit have used up are passed over, however many they are. Throws `location_contended`, and what the
 * store throws.
 */
export async function storeObject(
  blobs: BlobStore,
  location: Location,
  supplied: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  now: UnixSeconds,
  make: (window: { start: UnixSeconds; end: UnixSeconds }) => Promise<{ bytes: Uint8Array; digest: string }>,
): Promise<StoredObject> {
  // A supplier's window in the future would push all later ones beyond every calendar.
  const window = { start: Math.min(supplied.start, now - 1), end: Math.min(supplied.end, now) };
  let burnt = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { start, end, line } = firstFreeName(location, window, burnt);
    const { bytes, digest } = await make({ start, end });
    try {
      const object = location.basePrefix + line;
      await blobs.put(object, bytes, { ...headersOf(object), ifAbsent: true });
    } catch (error) {
      if (codeOf(error) !== "blob_conflict") throw error;
      burnt = new Set(await blobs.list(location.basePrefix + location.linePrefix));
      continue;
    }
    return { line, start, end, digest, byteCount: bytes.length };
  }
  throw new CodedError<LocationErrorCode>("location_contended", `no free name was found at "${location.name}"`, {
    remedy: "Nothing is lost; the next run tries again.",
  });
}

function firstFreeName(
  location: Location,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  burnt: ReadonlySet<string>,
): { start: UnixSeconds; end: UnixSeconds; line: string } {
  for (let start = Math.max(window.start, location.lastEndAt); ; start++) {
    const end = Math.max(window.end, start + 1);
    const line = location.linePrefix + archiveName(start, end);
    if (!burnt.has(location.basePrefix + line)) return { start, end, line };
  }
}
