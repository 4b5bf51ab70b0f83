// The token of a request.

import { adminError } from "./admin-error.ts";

/** As RFC 6750 has it, and not longer than any token of ours. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,200}=*)$/i;

/** Throws `token_missing` where the Authorization header has no bearer token. */
export function readBearerToken(authorization: string | undefined): string {
  const token = BEARER.exec(authorization ?? "")?.[1];
  if (token !== undefined) return token;
  throw adminError("token_missing", "the request has no token", {
    remedy: "Send the header `Authorization: Bearer TOKEN` with the token of a principal.",
  });
}
