// Writing a location's index from what is committed, and only ever as an extension of what is published.

import { writeIndexText } from "../../archive/index-text.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { LocationArchive, LocationErrorCode } from "./location-types.ts";
import { INDEX_OBJECT } from "./object-kinds.ts";
import { markArchives, readArchives } from "./queries.ts";
import { reconcile, requireLocation } from "./reconcile-index.ts";

const ATTEMPTS = 5;

/**
 * Expires what is due, then replaces the index by compare-and-set; nothing is written when it is right already. Heals an
 * index that is missing or older than the records. Throws as `reconcile` does, and `location_contended`.
 */
export async function publishIndex(deps: LocationDeps, name: string, now: UnixSeconds): Promise<void> {
  await expireArchives(deps, name, now);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { location, plan, published } = await reconcile(deps, name, now);
    if (plan.kind === "nothing") return;
    if (plan.kind === "write") {
      const text = new TextEncoder().encode(writeIndexText(plan.lines));
      const condition = published ? { ifVersion: published.version } : { ifAbsent: true as const };
      try {
        await deps.blobs.put(location.indexObject, text, { ...INDEX_OBJECT, ...condition });
      } catch (error) {
        if (codeOf(error) === "blob_conflict") continue;
        throw error;
      }
      deps.report({ event: "location.index-published", location: name, lines: plan.lines.length });
    }
    if (plan.kind === "write" || plan.kind === "current") await noteUnlisted(deps, location.id, plan.seqs, now);
    return;
  }
  throw new CodedError<LocationErrorCode>("location_contended", `other writers kept replacing the index of "${name}"`, {
    remedy: "Nothing is lost; the next run tries again.",
  });
}

/** Decides which archives leave the index: from the head only, so that what phones remember never moves (DB I1, I9). */
async function expireArchives(deps: LocationDeps, name: string, now: UnixSeconds): Promise<void> {
  const location = await requireLocation(deps, name);
  const archives = await readArchives(deps.database.db, location.id);
  await markArchives(deps.database.db, location.id, expiredHead(archives, now), "expired_at", now);
}

/** The oldest archives up to the first that has not expired; never the newest, since an index is never empty. */
export function expiredHead(archives: readonly LocationArchive[], now: UnixSeconds): number[] {
  const living = archives.findIndex((archive) => archive.expiresAt > now);
  const end = living < 0 ? archives.length - 1 : Math.min(living, archives.length - 1);
  return archives
    .slice(0, Math.max(0, end))
    .filter((archive) => archive.expiredAt === null)
    .map((archive) => archive.seq);
}

async function noteUnlisted(
  deps: LocationDeps,
  locationId: number,
  listed: readonly number[],
  now: UnixSeconds,
): Promise<void> {
  const archives = await readArchives(deps.database.db, locationId);
  const gone = archives.filter((archive) => archive.unlistedAt === null && !listed.includes(archive.seq));
  await markArchives(
    deps.database.db,
    locationId,
    gone.filter((archive) => archive.expiredAt !== null).map((archive) => archive.seq),
    "unlisted_at",
    now,
  );
}
