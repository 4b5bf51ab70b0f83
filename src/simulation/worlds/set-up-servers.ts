// What operators do in a world: trees, exports, the nation's import, and the content switch by a resealing mirror.

import type { Server } from "../../app/create-server.ts";
import type { TrustedKey } from "../../archive/archive-types.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { ExportSettings } from "../../features/export/export-types.ts";
import type { WorldPlan } from "./world-plan.ts";

export const STATE_REGION = "XX";
export const NATION_REGION = "YY";
const KEY_IDS = { "state-client": "999", "state-second": "997", national: "998" } as const;

/** Carries out what a restored database, or an attempt whose answer got lost, may have left there already. */
async function unlessThere(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (codeOf(error)?.endsWith("_exists") !== true) throw error;
  }
}

/** A location with a seal of its own, which is answered as others trust it. */
export async function createTree(
  server: Server,
  name: keyof typeof KEY_IDS,
  plan: WorldPlan,
  from: UnixSeconds,
): Promise<TrustedKey> {
  await unlessThere(server.signingKeys.create(name));
  const publicKey = parsePublicKey(await server.signingKeys.publicKeyPem(name), nodeArchiveTools);
  const seal = { keyId: KEY_IDS[name], keyVersion: "v1" };
  const { retentionSeconds, graceSeconds } = plan;
  const settings = { name, retentionSeconds, graceSeconds, seal: { signingKey: name, ...seal, from } };
  await unlessThere(server.locations.create(settings));
  return { ...seal, publicKey, from: 0, until: null };
}

export function exportInto(
  location: keyof typeof KEY_IDS,
  periodSeconds: number,
  plan: WorldPlan,
  wanted: Pick<ExportSettings, "name" | "region" | "from" | "backfillSeconds"> & {
    readonly regions?: readonly string[];
  },
): ExportSettings {
  const { regions = [], ...settings } = wanted;
  const { minRecords, paddingRange, maxRecords } = plan;
  return {
    ...settings,
    location,
    periodSeconds,
    filter: { includeRegions: regions, excludeRegions: [], travelers: "region" },
    thru: null,
    minRecords,
    paddingRange,
    maxRecords,
  };
}

/** The state's second location, with the last fourteen days. */
export async function createSecondLocation(state: Server, plan: WorldPlan, from: UnixSeconds): Promise<TrustedKey> {
  const seal = await createTree(state, "state-second", plan, from);
  const second = { name: "second", region: STATE_REGION, from, backfillSeconds: 14 * DAY };
  await unlessThere(state.exports.create(exportInto("state-second", plan.periodsSeconds.second, plan, second)));
  return seal;
}

/** The nation's record of it. */
export async function addSource(nation: Server, url: string, seal: TrustedKey, from: UnixSeconds): Promise<void> {
  await unlessThere(
    nation.imports.addSource({
      name: "state",
      indexUrl: `${url}/index.txt`,
      baseUrl: url,
      region: STATE_REGION,
      allowPrivateAddresses: false,
      from,
    }),
  );
  // An operator who lost the answer to the first step has not done the second.
  await unlessThere(nation.imports.addTrustedKey("state", trustOf(seal)));
}

export async function switchContent(
  state: Server,
  plan: WorldPlan,
  nationalUrl: string,
  nationalSeal: TrustedKey,
  now: UnixSeconds,
): Promise<void> {
  const mirror = state.mirrors.create(
    {
      name: "national",
      location: "state-client",
      method: "reseal",
      indexUrl: `${nationalUrl}/index.txt`,
      baseUrl: nationalUrl,
      region: STATE_REGION,
      maxRecords: plan.maxRecords,
      allowPrivateAddresses: false,
      from: now,
      until: null,
    },
    [trustOf(nationalSeal)],
  );
  await unlessThere(mirror);
}

function trustOf({ keyId, keyVersion, publicKey }: TrustedKey) {
  return { keyId, keyVersion, publicKeyPem: publicKey.pem, from: 0, until: null };
}
