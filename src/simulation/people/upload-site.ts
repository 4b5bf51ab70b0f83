// Where the people of a region upload: a verification server, and a key server that takes its certificates.

import type { OpenServer } from "../../app/open-server.ts";
import { createApp } from "../../features/publish/apps/manage-apps.ts";
import type { VerificationServer } from "./verification-server.ts";

export interface UploadSite {
  readonly server: OpenServer;
  readonly verification: VerificationServer;
  /** As what the phones' app is known to the key server. */
  readonly app: string;
}

/** The key server gets the authority's signing keys from where it publishes them, and the app may upload for `region`. */
export async function openUploadSite(
  server: OpenServer,
  verification: VerificationServer,
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
  return { server, verification, app };
}
