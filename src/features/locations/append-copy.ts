// Publishing another server's archive as it is: the copy method. Its seal must be the location's.

import { OPEN_PROFILE, type VerifiedArchive } from "../../archive/archive-types.ts";
import { verifyArchive } from "../../archive/open-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { commitNothing } from "./append-archive.ts";
import { commitObject } from "./commit-object.ts";
import { currentSeal, sealsAsTrustedKeys } from "./current-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { AppendOutcome, CommitSupply, LocationErrorCode, RemainingContent } from "./location-types.ts";
import { isDigestKnown, readSeals } from "./queries.ts";
import { reconcileIndex } from "./reconcile-index.ts";
import { storeObject } from "./store-object.ts";

/** An archive that somebody has opened already, with its bytes. */
export interface OpenedArchive {
  readonly bytes: Uint8Array;
  readonly archive: VerifiedArchive;
}

/**
 * Publishes the bytes untouched under a name of the location, once: an archive that stands there already is recorded as
 * left out, since a database restored from an older state asks for it again (DB I20). Throws as `appendArchive` does, and the archive's code when
 * it is not signed under the seal in force: one index carries one seal (DB I14).
 */
export async function appendCopy(
  deps: LocationDeps,
  name: string,
  supplier: string,
  { bytes, archive }: OpenedArchive,
  now: UnixSeconds,
  commit: CommitSupply,
): Promise<AppendOutcome> {
  const location = await reconcileIndex(deps, name, now);
  const seal = currentSeal(location, await readSeals(deps.database.db, location.id), now);
  const trustedKeys = sealsAsTrustedKeys([seal], deps.archiveTools);
  // Who opened it has judged what else it may hold.
  const { digest } = await verifyArchive(bytes, { trustedKeys, now: 0, profile: OPEN_PROFILE }, deps.archiveTools);
  if (digest !== archive.digest) throw new RangeError("these are not the bytes of the archive");
  if (await isDigestKnown(deps.database.db, location.id, archive.digest)) {
    return commitNothing(deps.database, nothingRemains(archive.primaries.length + archive.revised.length), commit);
  }
  const stored = await storeObject(deps.blobs, location, archive.header, now, async () => ({
    bytes,
    digest: archive.digest,
  }));
  const outcome: AppendOutcome = {
    remaining: { primaries: archive.primaries, revised: archive.revised, leftOut: 0, turnedRevised: 0 },
    padding: KeyBatch.empty,
    archive: { line: stored.line, seq: location.nextSeq, digest: archive.digest },
  };
  const content = { region: archive.header.region, primaries: archive.primaries, revised: archive.revised };
  if (await commitObject(deps, location, supplier, stored, content, now, (tx) => commit(tx, outcome))) return outcome;
  throw new CodedError<LocationErrorCode>("location_contended", `another writer published at "${name}" meanwhile`, {
    remedy: "Nothing is lost; the next run tries again.",
  });
}

function nothingRemains(leftOut: number): RemainingContent {
  return { primaries: KeyBatch.empty, revised: KeyBatch.empty, leftOut, turnedRevised: 0 };
}
