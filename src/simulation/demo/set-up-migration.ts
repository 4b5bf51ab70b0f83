// What both demos set up: the nation's import and export, the state's client location, and the mirror between them.

import { type SourceProfile, STRICT_PROFILE, type TrustedKey } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { ExportSettings } from "../../features/export/export-types.ts";
import { EXPORT_PERIOD_SECONDS } from "./longest-way.ts";
import { makeSigningKey, type World } from "./world.ts";

export const STATE_KEY_ID = "999";
export const NATION_KEY_ID = "998";
const SECOND_KEY_ID = "997";

/** The client location with the seal that phones trust; a stranger's key signs where the seal is switched off. */
export async function createClientLocation(world: World, from: UnixSeconds): Promise<TrustedKey> {
  const seal = await makeSigningKey(world.state, "state-client", STATE_KEY_ID);
  if (world.switchedOff === "seal") await makeSigningKey(world.state, "stranger", STATE_KEY_ID);
  await world.state.locations.create({
    name: "state-client",
    seal: {
      signingKey: world.switchedOff === "seal" ? "stranger" : "state-client",
      keyId: seal.keyId,
      keyVersion: seal.keyVersion,
      from,
    },
  });
  return seal;
}

/** The location from which the nation imports, under a signing key of its own. */
export async function createSecondLocation(world: World, from: UnixSeconds): Promise<TrustedKey> {
  const seal = await makeSigningKey(world.state, "state-second", SECOND_KEY_ID);
  await world.state.locations.create({
    name: "state-second",
    seal: { signingKey: "state-second", keyId: seal.keyId, keyVersion: seal.keyVersion, from },
  });
  return seal;
}

export async function createNationalExport(
  world: World,
  from: UnixSeconds,
  settings: Pick<ExportSettings, "minRecords" | "paddingRange"> & { readonly regions: readonly string[] },
): Promise<TrustedKey> {
  const seal = await makeSigningKey(world.nation, "national", NATION_KEY_ID);
  await world.nation.locations.create({
    name: "national",
    seal: { signingKey: "national", keyId: seal.keyId, keyVersion: seal.keyVersion, from },
  });
  await world.nation.exports.create({
    ...exportOf("national", "national", "NA", from, settings),
    filter: { includeRegions: settings.regions, excludeRegions: [], travelers: "region" },
  });
  return seal;
}

/** An export of what the server has, in a rhythm that every kind of phone takes in. */
export function exportOf(
  name: string,
  location: string,
  region: string,
  from: UnixSeconds,
  padding: Pick<ExportSettings, "minRecords" | "paddingRange">,
): ExportSettings {
  return {
    name,
    location,
    region,
    filter: { includeRegions: [], excludeRegions: [], travelers: "region" },
    periodSeconds: EXPORT_PERIOD_SECONDS,
    from,
    thru: null,
    backfillSeconds: 0,
    maxRecords: 500_000,
    minRecords: padding.minRecords,
    paddingRange: padding.paddingRange,
  };
}

/** The content switch: from `from` on the client location also carries the nation's archives, resealed. */
export async function createMirror(
  world: World,
  region: string,
  nationalSeal: TrustedKey,
  from: UnixSeconds,
): Promise<void> {
  const base = `${world.nation.publicUrl}/national`;
  await world.state.mirrors.create(
    {
      name: "national",
      location: "state-client",
      method: "reseal",
      indexUrl: `${base}/index.txt`,
      baseUrl: base,
      region,
      maxRecords: 500_000,
      allowPrivateAddresses: true,
      from,
      until: null,
    },
    [
      {
        keyId: nationalSeal.keyId,
        keyVersion: nationalSeal.keyVersion,
        publicKeyPem: nationalSeal.publicKey.pem,
        from,
        until: null,
      },
    ],
  );
}

/** The nation's record of the state's second location. */
export async function createSource(
  world: World,
  region: string,
  base: string,
  trusted: TrustedKey,
  from: UnixSeconds,
  profile: SourceProfile = STRICT_PROFILE,
): Promise<void> {
  await world.nation.imports.addSource({
    ...profile,
    name: "state",
    indexUrl: `${base}/index.txt`,
    baseUrl: base,
    region,
    allowPrivateAddresses: true,
    from,
  });
  await world.nation.imports.addTrustedKey("state", {
    keyId: trusted.keyId,
    keyVersion: trusted.keyVersion,
    publicKeyPem: trusted.publicKey.pem,
    from: 0,
    until: null,
  });
}
