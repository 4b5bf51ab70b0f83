// Writing an archive's object under the first free name behind everything published.

import { archiveName } from "../../archive/archive-name.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";
import { ARCHIVE_OBJECT } from "./object-kinds.ts";

export interface StoredObject {
  readonly line: string;
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly digest: string;
  readonly byteCount: number;
}

// A name is burnt by a run that died between writing its object and committing it.
const MAX_BURNT_NAMES = 100;

/**
 * Moves `window` behind the location's last end, so that names and windows rise strictly and never overlap (DB I10,
 * I13), and writes what `make` answers for it. An object that exists is never replaced: its name is passed over.
 */
export async function storeObject(
  blobs: BlobStore,
  location: Location,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  make: (window: { start: UnixSeconds; end: UnixSeconds }) => Promise<{ bytes: Uint8Array; digest: string }>,
): Promise<StoredObject> {
  for (let burnt = 0; burnt < MAX_BURNT_NAMES; burnt++) {
    const start = Math.max(window.start, location.lastEndAt) + burnt;
    const end = Math.max(window.end, start + 1);
    const line = location.linePrefix + archiveName(start, end);
    const { bytes, digest } = await make({ start, end });
    try {
      await blobs.put(location.basePrefix + line, bytes, { ...ARCHIVE_OBJECT, ifAbsent: true });
    } catch (error) {
      if (codeOf(error) === "blob_conflict") continue;
      throw error;
    }
    return { line, start, end, digest, byteCount: bytes.length };
  }
  throw new CodedError<LocationErrorCode>("location_contended", `no free name was found at "${location.name}"`);
}
