// Writing a location's index from what is committed, and only ever as an extension of what is published.

import { writeIndexText } from "../../archive/index-text.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { headersOf } from "../../platform/blobs/object-headers.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { LocationArchive, LocationErrorCode } from "./location-types.ts";
import { markArchives } from "./queries.ts";
import { reconcile } from "./reconcile-index.ts";

const ATTEMPTS = 5;

/**
 * Expires what is due where the clock allows it, then replaces the index by compare-and-set; nothing is written when it is right already. Heals an
 * index that is missing or older than the records. Throws as `reconcile` does, and `location_contended`.
 */
export async function publishIndex(deps: LocationDeps, name: string, now: UnixSeconds): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { location, archives, plan, published } = await reconcile(deps, name, now);
    if (plan.kind === "nothing") return;
    // By the clock that is asked, where it has gone back since the run began.
    const expired = deps.clock.trust().allows.destroying ? expiredHead(archives, Math.min(now, deps.clock.now())) : [];
    if (expired.length > 0) {
      await markArchives(deps.database.db, location.id, expired, "expired_at", now);
      continue;
    }
    if (plan.kind === "write") {
      const text = new TextEncoder().encode(writeIndexText(plan.lines));
      const condition = published ? { ifVersion: published.version } : { ifAbsent: true as const };
      try {
        await deps.blobs.put(location.indexObject, text, { ...headersOf(location.indexObject), ...condition });
      } catch (error) {
        if (codeOf(error) === "blob_conflict") continue;
        throw error;
      }
      deps.report({ event: "location.index-published", location: name, lines: plan.lines.length });
    }
    await markArchives(deps.database.db, location.id, unlisted(archives, plan.seqs), "unlisted_at", now);
    return;
  }
  throw new CodedError<LocationErrorCode>("location_contended", `other writers kept replacing the index of "${name}"`, {
    remedy: "Nothing is lost; the next run tries again.",
  });
}

/**
 * The archives that leave the index: the oldest up to the first that has not expired, so that what phones remember never
 * moves (DB I1, I9); never the newest, since an index is never empty (DB I4).
 */
export function expiredHead(archives: readonly LocationArchive[], now: UnixSeconds): number[] {
  const living = archives.findIndex((archive) => archive.expiresAt > now);
  const end = living < 0 ? archives.length - 1 : Math.min(living, archives.length - 1);
  return archives
    .slice(0, Math.max(0, end))
    .filter((archive) => archive.expiredAt === null)
    .map((archive) => archive.seq);
}

/** Decided to leave, and in no published index any more from now on. */
function unlisted(archives: readonly LocationArchive[], listed: readonly number[]): number[] {
  const isListed = new Set(listed);
  return archives
    .filter(({ seq, expiredAt, unlistedAt }) => expiredAt !== null && unlistedAt === null && !isListed.has(seq))
    .map(({ seq }) => seq);
}
