// What phones of each kind see of a further seal, and what can no longer be published under it (DB 6.3, 6.4).

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Effect, PreviewBody } from "../../platform/http/admin/preview-schemas.ts";
import { considerSeal } from "./add-seal.ts";
import type { NewLocation } from "./create-location.ts";
import { tellFeeder } from "./find-doubts.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Feeder, Seal } from "./location-types.ts";
import { type Listed, readListed } from "./overview-queries.ts";

/** Throws what `addSeal` throws, but for doubts, which it answers. */
export async function previewSeal(
  deps: LocationDeps,
  name: string,
  wanted: NewLocation["seal"],
  now: UnixSeconds,
): Promise<PreviewBody> {
  const { location, seals, seal, feeders, doubts } = await considerSeal(deps, name, wanted, now);
  const before = seals.findLast(({ from }) => from <= seal.from) ?? null;
  const listed = await readListed(deps.database.db, location.id);
  const { reallyMeant = [] } = wanted;
  return {
    effects: [...effectsOnPhones(before, seal, listed, now), ...effectsOnFeeders(seal, feeders, now)],
    doubts: doubts.filter(({ name: doubt }) => !reallyMeant.includes(doubt)),
  };
}

/** Pure: by what phones know, since that decides what they read. */
export function effectsOnPhones(before: Seal | null, seal: Seal, listed: Listed, now: UnixSeconds): Effect[] {
  const from = fromOf(seal, now);
  const isSameName = before?.keyId === seal.keyId && before.keyVersion === seal.keyVersion;
  if (before === null || isSameName) {
    return [{ who: "all phones that know the public key", from, what: "read what they read before", weight: "stays" }];
  }
  const [old, next] = [nameOf(before), nameOf(seal)];
  const { archives, keys, lastExpiresAt } = listed;
  const isBlocked = archives > 0 && lastExpiresAt !== null;
  return [
    {
      who: `phones that know only the public key ${old}`,
      from,
      what: `refuse every archive that is published under ${next}, and what waits beside it, until they learn that key`,
      weight: "loses",
    },
    {
      who: `phones that know only the public key ${next}`,
      from: null,
      what: isBlocked
        ? `refuse the ${archives} archives (${keys} keys) that are listed under ${old}, and what waits beside them, ` +
          `as long as one of those is listed: until ${isoTime(lastExpiresAt)} or later`
        : `read everything, since nothing is listed under ${old}`,
      weight: isBlocked ? "loses" : "stays",
    },
    { who: "Android phones that know both public keys", from, what: "read everything", weight: "stays" },
  ];
}

/** Pure: what publishes there, and can no longer. */
export function effectsOnFeeders(seal: Seal, feeders: readonly Feeder[], now: UnixSeconds): Effect[] {
  const from = fromOf(seal, now);
  const isForeign = seal.signingKey === null;
  return feeders
    .filter(({ signs }) => signs === isForeign)
    .map((feeder) => ({
      who: tellFeeder(feeder),
      from,
      what: isForeign
        ? "publishes nothing until a seal with a signing key of this server is in force; its keys wait"
        : `publishes nothing that is not signed as ${nameOf(seal)}; what it copies waits`,
      weight: "loses",
    }));
}

function fromOf({ from }: Seal, now: UnixSeconds): string | null {
  return from <= now ? null : isoTime(from);
}

function nameOf({ keyId, keyVersion }: Seal): string {
  return `"${keyId}" "${keyVersion}"`;
}
