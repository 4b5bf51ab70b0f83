// Where the people of a region upload: a verification server, and a key server that takes its certificates.

import type { Server } from "../../app/create-server.ts";
import { createApp } from "../../features/publish/apps/manage-apps.ts";
import type { Verification } from "./verification.ts";

export interface UploadSite {
  readonly publishUrl: string;
  readonly verification: Verification;
  /** As what the phones' app is known to the key server. */
  readonly app: string;
}

/** The key server gets the authority's signing keys from where it publishes them, and the app may upload for `region`. */
export async function openUploadSite(
  server: Pick<Server, "database" | "verification">,
  publicUrl: string,
  verification: Verification,
  region: string,
): Promise<UploadSite> {
  const { issuer, audience, jwksUrl } = verification;
  const { id } = await server.verification.createAuthority({
    name: issuer,
    iss: issuer,
    aud: audience,
    jwksUrl,
    allowPrivateAddresses: true,
    statsEnabled: true,
  });
  const app = `app.${issuer}`;
  await createApp(server.database, {
    name: app,
    regions: [region],
    authorityIds: [id],
    bypassCertificate: false,
    bypassRevisionToken: false,
  });
  return { publishUrl: `${publicUrl}/v1/publish`, verification, app };
}
