// Signing keys as administrators make and see them.

import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import { signingKeyRoutes } from "./admin-api.ts";
import type { SigningKeysDeps } from "./show-signing-key.ts";

export interface SigningKeysFeature {
  readonly routes: readonly AdminRoute[];
}

export function createSigningKeysFeature(deps: SigningKeysDeps): SigningKeysFeature {
  return { routes: signingKeyRoutes(deps) };
}
