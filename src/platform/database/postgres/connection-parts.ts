// PostgreSQL's address in parts: nothing is glued into a string, so any password stays what it is (KS X9).

import { readFileSync } from "node:fs";
import type { ClientConfig } from "pg";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../database.ts";

export interface ConnectionParts {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly user?: string;
  readonly password?: string;
  readonly sslMode: "disable" | "require" | "verify-ca" | "verify-full";
  readonly sslRootCertFile?: string;
  readonly sslCertFile?: string;
  readonly sslKeyFile?: string;
}

/** Throws `database_unreachable` where a certificate's file cannot be read. */
export function connectionOf(parts: ConnectionParts): ClientConfig {
  const { host, port, name, user, password } = parts;
  return {
    host,
    port,
    ...(name === undefined ? {} : { database: name }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ssl: sslOf(parts),
  };
}

/** As libpq means the modes: `require` with a root certificate verifies it too, as `verify-ca` does. */
function sslOf({ host, sslMode, ...files }: ConnectionParts): NonNullable<ClientConfig["ssl"]> {
  if (sslMode === "disable" || host.startsWith("/")) return false;
  const { sslRootCertFile, sslCertFile, sslKeyFile } = files;
  const isVerified = sslMode !== "require" || sslRootCertFile !== undefined;
  return {
    rejectUnauthorized: isVerified,
    ...(sslMode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...(sslRootCertFile === undefined ? {} : { ca: readPem(sslRootCertFile) }),
    ...(sslCertFile === undefined ? {} : { cert: readPem(sslCertFile) }),
    ...(sslKeyFile === undefined ? {} : { key: readPem(sslKeyFile) }),
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new CodedError<DatabaseErrorCode>("database_unreachable", `${file} cannot be read`, {
      remedy: "Give the path of a PEM file that this user may read.",
      cause,
    });
  }
}
