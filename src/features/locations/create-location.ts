// Making a location with its first seal, and adopting one that another program wrote.

import { archiveName } from "../../archive/archive-name.ts";
import { writeIndexText } from "../../archive/index-text.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { DAY } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { isBlobName } from "../../platform/blobs/blob-name.ts";
import { isReservedName } from "../../platform/http/reserved-names.ts";
import { adoptArchives } from "./adopt-archives.ts";
import { findCollision, type Tree } from "./find-collision.ts";
import { findDoubts, requireMeant } from "./find-doubts.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode, Seal, SealDoubtName } from "./location-types.ts";
import { recordPublished } from "./overview-queries.ts";
import { insertLocation, insertSeal, lockLocations, readLocations } from "./queries.ts";
import { readPublishedIndex, requireLocation } from "./reconcile-index.ts";
import { requireTimes } from "./require-times.ts";

export interface NewLocation {
  /** Lower-case letters, digits and hyphens; by default also the folder of the tree. */
  readonly name: string;
  /** How long a line stays listed; 14 days by default, and ten at least. */
  readonly retentionSeconds?: number;
  /** How long an archive outlives its line; two days by default, which covers caches, downloads and a day (DB I5). */
  readonly graceSeconds?: number;
  /** Object name of the index, by default `<name>/index.txt`. */
  readonly indexObject?: string;
  /** Stands before each line to make an object name, by default `<name>/`. */
  readonly basePrefix?: string;
  /** Stands before the file name in each new line; empty by default. */
  readonly linePrefix?: string;
  /** Its first seal. */
  readonly seal: Omit<Seal, "publicKeyPem" | "until"> & {
    readonly publicKeyPem?: string;
    /** Doubts that need not be raised. */
    readonly reallyMeant?: readonly SealDoubtName[];
  };
}

/** Throws `location_settings_invalid`, `location_exists`, `location_seal_doubtful`, and the codes of signing keys and public keys. */
export async function createLocation(deps: LocationDeps, wanted: NewLocation): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(wanted.name))
    throw invalid(
      `"${wanted.name}" cannot be the name of a location`,
      "Use lower-case letters, digits and hyphens, a letter or digit first, at most 63.",
    );
  const { name, retentionSeconds = deps.retentionSeconds ?? 14 * DAY, graceSeconds = 2 * DAY } = wanted;
  requireTimes({ retentionSeconds, graceSeconds }, deps.leastRetentionSeconds);
  const tree = {
    indexObject: wanted.indexObject ?? `${name}/index.txt`,
    basePrefix: wanted.basePrefix ?? `${name}/`,
    linePrefix: wanted.linePrefix ?? "",
  };
  requireUsableNames(tree);
  const seal = await completeSeal(deps, wanted.seal);
  requireMeant(name, findDoubts([], seal, [], deps.clock.now()), wanted.seal.reallyMeant);
  await deps.database.transaction(async (tx) => {
    await lockLocations(tx);
    requireOwnObjects(name, tree, await readLocations(tx));
    const id = await insertLocation(tx, { name, ...tree, retentionSeconds, graceSeconds });
    if (id === null) {
      throw new CodedError<LocationErrorCode>(
        "location_exists",
        `there is a location "${name}" already, or one with the index ${tree.indexObject}`,
      );
    }
    await insertSeal(tx, id, seal);
  });
}

/**
 * Takes over a tree that another program wrote: every listed archive is read, verified under the location's seal and
 * recorded as it is. Until this has succeeded nothing is written there. No index: nothing to adopt.
 */
export async function adoptLocation(deps: LocationDeps, name: string, now: UnixSeconds): Promise<number> {
  const location = await requireLocation(deps, name);
  const published = await readPublishedIndex(deps, location);
  if (!published || location.ours) return 0;
  if (await adoptArchives(deps, location, published.lines, now)) {
    await recordPublished(deps.database.db, name, now);
    return published.lines.length;
  }
  throw new CodedError<LocationErrorCode>("location_contended", `"${name}" changed while it was adopted`);
}

/** With its public key, which belongs to the signing key unless it is given. */
export async function completeSeal(deps: LocationDeps, seal: NewLocation["seal"]): Promise<Seal> {
  const publicKeyPem =
    seal.publicKeyPem ?? (seal.signingKey === null ? null : await deps.signingKeys.publicKeyPem(seal.signingKey));
  if (publicKeyPem === null) throw invalid("a seal without a signing key needs its public key");
  const { signingKey, keyId, keyVersion, from } = seal;
  return {
    signingKey,
    keyId,
    keyVersion,
    publicKeyPem: parsePublicKey(publicKeyPem, deps.archiveTools).pem,
    from,
    until: null,
  };
}

/** Two that share objects would delete each other's archives. One of the same name or index is told so instead. */
function requireOwnObjects(name: string, tree: Tree, locations: readonly Location[]): void {
  if (locations.some((one) => one.name === name || one.indexObject === tree.indexObject)) return;
  for (const other of locations) {
    const shared = findCollision(tree, other);
    if (shared === null) continue;
    throw invalid(
      `"${name}" and the location "${other.name}" would get into each other's way: the objects of both ${shared}`,
      "Give it a basePrefix or a linePrefix of its own.",
    );
  }
}

/** A name that no store takes, or a line that no index takes, would come to light only when keys wait behind it. */
function requireUsableNames(tree: Tree): void {
  const line = tree.linePrefix + archiveName(0, 1);
  if (!isBlobName(tree.indexObject)) throw invalid(`no object can be named "${tree.indexObject}"`);
  if (isReservedName(tree.indexObject)) {
    throw invalid(`phones could not read "${tree.indexObject}": the public listener answers something else there`);
  }
  if (!isBlobName(tree.basePrefix + line)) throw invalid(`no object can be named "${tree.basePrefix + line}"`);
  try {
    writeIndexText([line]);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(message: string, remedy?: string): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_settings_invalid",
    message,
    remedy === undefined ? {} : { remedy },
  );
}
