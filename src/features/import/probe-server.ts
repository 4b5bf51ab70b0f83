// Whether a server is well, by an archive of it that was good before.

import { codeOf } from "../../core/coded-error.ts";
import type { ServerHealth } from "../upstreams/classify-failure.ts";
import { fetchIfChanged } from "../upstreams/fetch-archive.ts";
import { fetchDeps, type ImportDeps, type ImportSource } from "./import-types.ts";
import { readNewestComplete } from "./queries.ts";

export interface ServerProbe {
  /** Asks the server, which may have become unwell since the last question. Only trouble with the database rejects. */
  ask(): Promise<ServerHealth>;
  /** Whether the last answer was that it is unwell. */
  isUnwell(): boolean;
}

/** Asks for the newest archive that is complete and still listed; for one run. */
export function createServerProbe(deps: ImportDeps, source: ImportSource): ServerProbe {
  let health: ServerHealth = "unknown";

  async function ask(): Promise<ServerHealth> {
    const known = await readNewestComplete(deps.database.db, source.id);
    if (known === null) return "unknown";
    try {
      const fetched = await fetchIfChanged(fetchDeps(deps), source, known.line, known);
      return fetched === null || isZip(fetched.bytes) ? "well" : "unwell";
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return "unwell";
    }
  }

  return {
    async ask() {
      health = await ask();
      return health;
    },
    isUnwell: () => health === "unwell",
  };
}

/** "PK", with which every zip begins. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
