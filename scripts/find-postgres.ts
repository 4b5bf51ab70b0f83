// Finds the folder of PostgreSQL's server programs on this machine.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const DEBIAN = "/usr/lib/postgresql";

/** The folder that holds `initdb` and `postgres`, of the newest version found, or undefined. */
export function findPostgres(): string | undefined {
  const candidates = [...debianFolders(), ...(process.env["PATH"] ?? "").split(delimiter), configuredFolder()];
  return candidates.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

function debianFolders(): string[] {
  if (!existsSync(DEBIAN)) return [];
  const versions = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(DEBIAN, version, "bin"));
}

function configuredFolder(): string {
  try {
    return execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: "pipe", timeout: 5_000 }).trim();
  } catch {
    return "";
  }
}
