// New token keys in time, old ones destroyed once no token under them has to be honoured (KS 5.6).

import type { UnixSeconds } from "../../core/clock.ts";
import { destroyTokenKey, insertTokenKey, lockTokenKeys, readTokenKeys } from "./queries.ts";
import type { RevisionDeps, RevisionSettings, TokenKey } from "./revision-types.ts";
import { makeTokenKey } from "./wrap-token-key.ts";

export interface Rotation {
  readonly isNewDue: boolean;
  /** Ids of keys to destroy. */
  readonly outlived: readonly string[];
}

/**
 * `tokenKeys` newest first. A key of this server has outlived its use when the one after it was made so long ago that
 * every token under it is too old; a foreign one when its time is over.
 */
export function planRotation(
  tokenKeys: readonly TokenKey[],
  settings: Pick<RevisionSettings, "newKeySeconds" | "oldKeySeconds">,
  now: UnixSeconds,
): Rotation {
  const usable = tokenKeys.filter(({ wrapped }) => wrapped !== null);
  const own = usable.filter(({ supplierId }) => supplierId === null);
  const newest = own[0];
  const outlivedOwn = own.filter((_, index) => {
    const successor = own[index - 1];
    return successor !== undefined && successor.createdAt + settings.oldKeySeconds <= now;
  });
  const outlivedForeign = usable.filter(
    ({ supplierId, endsAt }) => supplierId !== null && endsAt !== null && endsAt <= now,
  );
  return {
    isNewDue: newest === undefined || newest.createdAt + settings.newKeySeconds <= now,
    outlived: [...outlivedOwn, ...outlivedForeign].map(({ id }) => id),
  };
}

/** Safe to run twice at once: whoever comes second finds nothing due. */
export async function rotateTokenKeys(deps: RevisionDeps, now: UnixSeconds): Promise<Rotation> {
  // Made before the lock is taken, since a KMS may be slow; thrown away when it is not needed.
  const made = planRotation(await readTokenKeys(deps.database.db), deps.settings, now).isNewDue
    ? await makeTokenKey(deps, now)
    : null;
  const done = await deps.database.transaction(async (tx) => {
    await lockTokenKeys(tx);
    const rotation = planRotation(await readTokenKeys(tx), deps.settings, now);
    if (rotation.isNewDue && made !== null) await insertTokenKey(tx, made);
    for (const id of rotation.outlived) await destroyTokenKey(tx, id, now);
    return { isNewDue: rotation.isNewDue && made !== null, outlived: rotation.outlived };
  });
  if (done.isNewDue || done.outlived.length > 0) {
    deps.report({ event: "revision.token-keys-rotated", made: done.isNewDue, destroyed: done.outlived.length });
  }
  return done;
}
