// Whom a source or a mirror trusts: a key that is trusted later, or longer, works at once.

import type { ArchiveTools } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { addTrustedKey, changeTrustedKey } from "./trusted-keys.ts";
import type { StoredTrustedKey, TrustedKeyFacts } from "./upstream-types.ts";

interface Deps {
  readonly archiveTools: ArchiveTools;
  readonly report: Report;
}

/** Throws `public_key_invalid`, `trusted_key_exists`, and where there is none of this name. */
export async function trust<One extends Follower>(
  { archiveTools, report }: Deps,
  tx: Db,
  kind: FollowerKind<One>,
  name: string,
  added: TrustedKeyFacts,
  now: UnixSeconds,
): Promise<StoredTrustedKey> {
  const one = await kind.lock(tx, name);
  const trusted = await addTrustedKey(tx, archiveTools, one.upstreamId, added, now);
  const { keyId, keyVersion } = trusted;
  report({ event: "upstream.trusted-key-added", [kind.noun]: name, keyId, keyVersion });
  await tryAgain(report, tx, kind, one, now);
  return trusted;
}

/** `until` null: it is trusted without an end. Throws `trusted_key_unknown`, `trusted_key_exists`, and as `trust`. */
export async function changeTrust<One extends Follower>(
  { report }: Deps,
  tx: Db,
  kind: FollowerKind<One>,
  name: string,
  trustedKeyId: number,
  until: UnixSeconds | null,
  now: UnixSeconds,
): Promise<StoredTrustedKey> {
  const one = await kind.lock(tx, name);
  const { trusted, isProlonged } = await changeTrustedKey(tx, one.upstreamId, trustedKeyId, until, now);
  report({ event: "upstream.trusted-key-changed", [kind.noun]: name, trustedKeyId, until });
  if (isProlonged) await tryAgain(report, tx, kind, one, now);
  return trusted;
}

async function tryAgain<One extends Follower>(
  report: Report,
  tx: Db,
  kind: FollowerKind<One>,
  one: One,
  now: UnixSeconds,
): Promise<void> {
  for (const line of await kind.tryUntrustedAgain(tx, one, now)) {
    report({ event: "upstream.line-tried-again", [kind.noun]: one.name, line, why: "newly_trusted" });
  }
}
