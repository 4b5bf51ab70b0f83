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

/** How a server came to be asked: by its URL, by a profile that was named, chosen as the default, or is the only one. */
export type Choice = "url" | "named" | "default" | "only";

export interface ChosenServer extends ServerAccess {
  /** Null where the server was given by its URL. */
  readonly profile: string | null;
  readonly choice: Choice;
}

/**
 * A profile that was named is taken whole, but for what else is given. Otherwise --server or ENKS_SERVER decides, and a
 * profile is only asked when there is neither: its token is never sent to a server that it was not made for. Where no
 * profile was named or chosen, the only one is taken, for reading.
 * Throws `server_unset`, `server_url_invalid`, `server_unprotected`, `token_missing`, and the codes of profiles.
 */
export async function chooseServer(
  flags: ServerFlags,
  environment: Readonly<Record<string, string | undefined>>,
  readProfiles: () => Promise<Profiles>,
): Promise<ChosenServer> {
  const { server, token, ...how } = await findAccess(flags, environment, readProfiles);
  const url = checkServerUrl(server);
  if (token === undefined) {
    throw new CodedError<AdminErrorCode>("token_missing", `there is no token for ${url}`, {
      remedy: "Give --token, set ENKS_TOKEN, or use a profile.",
    });
  }
  if (flags.insecure !== true) requireProtection(url);
  return { server: url, token: cleanToken(token, url), ...how };
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
): Promise<Omit<ChosenServer, "token"> & { readonly token: string | undefined }> {
  const server = flags.server ?? (environment["ENKS_SERVER"] || undefined);
  if (flags.profile === undefined && server !== undefined) {
    const token = flags.token ?? (environment["ENKS_TOKEN"] || undefined);
    return { server, token, profile: null, choice: "url" };
  }
  const profiles = await readProfiles();
  const { name, choice } = chooseProfile(flags.profile ?? (environment["ENKS_PROFILE"] || null), profiles);
  if (name === null) {
    const known = Object.keys(profiles.byName);
    if (known.length > 0) {
      throw clientError("server_unset", `no profile is chosen; there are: ${known.join(", ")}`, {
        remedy: "Say --profile NAME, set ENKS_PROFILE, or choose a default: `enks profile use NAME`.",
      });
    }
    throw clientError("server_unset", "no server is named", {
      remedy: "Give --server and --token, set ENKS_SERVER and ENKS_TOKEN, or make a profile: `enks profile add`.",
    });
  }
  const profile = requireProfile(profiles, name);
  return { server: flags.server ?? profile.server, token: flags.token ?? profile.token, profile: name, choice };
}

function chooseProfile(named: string | null, profiles: Profiles): { name: string | null; choice: Choice } {
  if (named !== null) return { name: named, choice: "named" };
  if (profiles.current !== null) return { name: profiles.current, choice: "default" };
  const [only = null, ...others] = Object.keys(profiles.byName);
  return { name: others.length === 0 ? only : null, choice: "only" };
}

/** Throws `profile_unchosen` where a profile is only taken because there is no other. */
export function requireChosen({ choice, profile, server }: ChosenServer): void {
  if (choice !== "only" || profile === null) return;
  throw clientError("profile_unchosen", `no profile is chosen for changes; "${profile}" is only read from`, {
    remedy: `For ${server} say --profile ${profile}, set ENKS_PROFILE, or choose it for good: \`enks profile use ${profile}\`.`,
  });
}

/** "http://127.0.0.1:8081, profile nation" */
export function describeServer({ server, profile }: Pick<ChosenServer, "server" | "profile">): string {
  return profile === null ? server : `${server}, profile ${profile}`;
}
