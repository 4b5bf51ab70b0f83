// Asks a server for what its bundle says.

import type { StatusBody } from "../../app/status/status-schemas.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { ExportBody } from "../../features/export/admin-schemas.ts";
import type { LocationBody } from "../../features/locations/admin-schemas.ts";
import type { BundledTree, MigrationBundle } from "../../features/migration/bundle-form.ts";
import type { AppBody } from "../../features/publish/apps/admin-schemas.ts";
import type { AuthorityBody } from "../../features/verification/admin-schemas.ts";
import type { AdminClient } from "../client/admin-client.ts";

export type CollectErrorCode =
  /** The server does not know the URL under which phones reach it. */
  "public_url_unset";

/** Everything but who the organisation is. Throws `public_url_unset` and the refusals of the server. */
export async function collectBundle(
  client: Pick<AdminClient, "get" | "list">,
): Promise<Omit<MigrationBundle, "organisation" | "contact">> {
  const { at, server } = await client.get<StatusBody>("/v1/status");
  if (server.publicUrl === null) {
    throw new CodedError<CollectErrorCode>("public_url_unset", "the server does not know its public URL", {
      remedy: "Set `publicUrl` to the URL under which phones reach its trees.",
    });
  }
  const { publicUrl } = server;
  const exports = await client.list<ExportBody>("/v1/exports");
  const locations = await client.list<LocationBody>("/v1/locations");
  const apps = await client.list<AppBody>("/v1/apps");
  const authorities = await client.list<AuthorityBody>("/v1/authorities");
  return {
    bundle: 1,
    madeAt: at,
    software: `enks ${server.version}`,
    trees: locations.map((location) => treeOf(location, publicUrl, exports, Date.parse(at) / 1_000)),
    apps: apps.map(({ name, regions }) => ({ name, regions })),
    authorities: authorities.map(({ name, iss, aud, jwksUrl, keys }) => ({
      name,
      iss,
      aud,
      jwksUrl,
      publicKeys: keys.map(({ version, publicKeyPem }) => ({ version, publicKeyPem })),
    })),
  };
}

function treeOf(
  { name, indexObject, basePrefix, seals, retentionSeconds, listedArchives }: LocationBody,
  publicUrl: string,
  exports: readonly ExportBody[],
  now: number,
): BundledTree {
  const regions = exports
    .filter(({ location }) => location === name)
    .flatMap(({ includeRegions, region }) => (includeRegions.length === 0 ? [region] : includeRegions));
  return {
    name,
    indexUrl: `${publicUrl}/${indexObject}`,
    baseUrl: `${publicUrl}/${basePrefix}`.replace(/\/+$/, ""),
    publicKeys: seals
      // What an ended seal signed stays listed for a retention.
      .filter(({ until }) => until === null || Date.parse(until) / 1_000 > now - retentionSeconds)
      .map(({ keyId, keyVersion, publicKeyPem }) => ({ keyId, keyVersion, publicKeyPem })),
    regions: [...new Set(regions)].sort(),
    retentionSeconds,
    listedArchives,
  };
}
