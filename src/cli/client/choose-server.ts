// Which server a command asks, and with which token.

import { CodedError } from "../../core/coded-error.ts";
import type { AdminErrorCode } from "../../platform/http/admin/admin-error.ts";
import type { ServerAccess } from "./admin-client.ts";
import { clientError } from "./client-error.ts";
import { type Profiles, requireProfile } from "./profiles.ts";
import { checkServerUrl, requireProtection } from "./server-url.ts";

export interface ServerFlags {
  readonly server?: string;
  readonly token?: string;
  readonly profile?: string;
  readonly insecure?: boolean;
}

/**
 * A profile that was named is taken whole, but for what else is given. Otherwise --server or ENKS_SERVER decides, and a
 * profile is only asked when there is neither: its token is never sent to a server that it was not made for.
 * Throws `server_unset`, `server_url_invalid`, `server_unprotected`, `token_missing`, and the codes of profiles.
 */
export async function chooseServer(
  flags: ServerFlags,
  environment: Readonly<Record<string, string | undefined>>,
  readProfiles: () => Promise<Profiles>,
): Promise<ServerAccess> {
  const { server, token } = await findAccess(flags, environment, readProfiles);
  const url = checkServerUrl(server);
  if (token === undefined) {
    throw new CodedError<AdminErrorCode>("token_missing", `there is no token for ${url}`, {
      remedy: "Give --token, set ENKS_TOKEN, or use a profile.",
    });
  }
  if (flags.insecure !== true) requireProtection(url);
  return { server: url, token: cleanToken(token, url) };
}

/** Without the line end that a file or a shell left behind it. What no header can carry must not come up in its errors. */
function cleanToken(text: string, url: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CodedError<AdminErrorCode>("token_missing", `what is given as the token for ${url} is none`, {
    remedy: "A token is one word, `enks_` and 43 letters, digits, dashes and underscores.",
  });
}

async function findAccess(
  flags: ServerFlags,
  environment: Readonly<Record<string, string | undefined>>,
  readProfiles: () => Promise<Profiles>,
): Promise<{ server: string; token: string | undefined }> {
  const server = flags.server ?? (environment["ENKS_SERVER"] || undefined);
  if (flags.profile === undefined && server !== undefined) {
    return { server, token: flags.token ?? (environment["ENKS_TOKEN"] || undefined) };
  }
  const profiles = await readProfiles();
  const name = flags.profile ?? (environment["ENKS_PROFILE"] || profiles.current);
  if (name === null || name === undefined) {
    throw clientError("server_unset", "no server is named", {
      remedy: "Give --server and --token, set ENKS_SERVER and ENKS_TOKEN, or make a profile: `enks profile add`.",
    });
  }
  const profile = requireProfile(profiles, name);
  return { server: flags.server ?? profile.server, token: flags.token ?? profile.token };
}
