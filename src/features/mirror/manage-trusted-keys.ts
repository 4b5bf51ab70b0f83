// Whom a mirror trusts, and until when.

import type { UnixSeconds } from "../../core/clock.ts";
import { readTrusted } from "../upstreams/trust-queries.ts";
import { changeTrustedKey as changeTrust, addTrustedKey as trust } from "../upstreams/trusted-keys.ts";
import type { StoredTrustedKey, TrustedKeyFacts } from "../upstreams/upstream-types.ts";
import type { MirrorDeps } from "./mirror-types.ts";
import { requireMirror } from "./require-mirror.ts";

type Deps = Pick<MirrorDeps, "database" | "archiveTools" | "clock">;

/** A run that stopped for want of it goes on with the next. Throws `mirror_unknown`, `public_key_invalid`. */
export async function addTrustedKey(deps: Deps, name: string, added: TrustedKeyFacts): Promise<StoredTrustedKey> {
  const { db } = deps.database;
  const { upstreamId } = await requireMirror(db, name);
  return trust(db, deps.archiveTools, upstreamId, added, deps.clock.now());
}

/** Whom the mirror trusts, or did. Throws `mirror_unknown`. */
export async function listTrustedKeys(
  { database: { db } }: Pick<MirrorDeps, "database">,
  name: string,
): Promise<readonly StoredTrustedKey[]> {
  const { upstreamId } = await requireMirror(db, name);
  return (await readTrusted(db, [upstreamId])).get(upstreamId) ?? [];
}

/** Throws `mirror_unknown`, `trusted_key_unknown`. */
export async function changeTrustedKey(
  { database, clock }: Pick<MirrorDeps, "database" | "clock">,
  name: string,
  id: number,
  until: UnixSeconds | null,
): Promise<StoredTrustedKey> {
  return database.transaction(async (tx) => {
    const { upstreamId } = await requireMirror(tx, name);
    return (await changeTrust(tx, upstreamId, id, until, clock.now())).trusted;
  });
}
