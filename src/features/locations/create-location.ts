// Making a location with its first seal, and adopting one that another program wrote.

import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { DAY } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { adoptArchives } from "./adopt-archives.ts";
import { findDoubts, requireMeant } from "./find-doubts.ts";
import { invalid } from "./invalid-settings.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode, Seal, SealDoubtName } from "./location-types.ts";
import { recordPublished } from "./overview-queries.ts";
import { insertLocation, insertSeal, lockLocations, readLocations } from "./queries.ts";
import { readPublishedIndex, requireLocation } from "./reconcile-index.ts";
import { requireOwnObjects, requireUsableNames } from "./require-places.ts";
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
    const others = await readLocations(tx);
    const isTaken = others.some((one) => one.name === name || one.indexObject === tree.indexObject);
    if (!isTaken) requireOwnObjects(name, tree, others);
    const id = isTaken ? null : await insertLocation(tx, { name, ...tree, retentionSeconds, graceSeconds });
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
 * recorded as it is. Until this has succeeded nothing is written there. Answers how many archives it was. Throws
 * `location_adopted_already`, `location_nothing_to_adopt`, `location_adoption_failed`, `location_contended`.
 */
export async function adoptLocation(deps: LocationDeps, name: string, now: UnixSeconds): Promise<number> {
  const location = await requireLocation(deps, name);
  if (location.ours) throw adoptedAlready(location);
  const published = await readPublishedIndex(deps, location);
  if (!published || published.lines.length === 0) throw nothingToAdopt(location);
  if (await adoptArchives(deps, location, published.lines, now)) {
    await recordPublished(deps.database.db, name, now);
    return published.lines.length;
  }
  throw new CodedError<LocationErrorCode>("location_contended", `"${name}" changed while it was adopted`);
}

function adoptedAlready({ name }: Location): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_adopted_already",
    `the index of "${name}" is written here already`,
    {
      remedy: `Where another program wrote it again: \`enks location restore ${name}\` shows the difference.`,
    },
  );
}

function nothingToAdopt({ name, indexObject }: Location): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_nothing_to_adopt",
    `"${name}" has nothing to adopt: there is no index at "${indexObject}", or no line in it`,
    {
      remedy:
        "A new location needs no adoption. Where the tree lies elsewhere: `enks location change --adopt-from FOLDER` " +
        "takes the place of its index from a copy of it.",
    },
  );
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
