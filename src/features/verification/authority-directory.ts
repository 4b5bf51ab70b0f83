// All authorities and their keys in memory: what a stranger writes into a token can neither grow it nor make it wait.

import { createPublicKey, type KeyObject } from "node:crypto";
import type { Clock, UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { type DirectoryRow, readDirectory, readRevision } from "./queries.ts";

export interface KnownAuthorityKey {
  readonly version: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
  /** Parsed at its first use. */
  publicKey(): KeyObject;
}

export interface KnownAuthority {
  readonly id: number;
  readonly name: string;
  readonly aud: string;
  readonly statsEnabled: boolean;
  /** Those that have ended too. */
  readonly authorityKeys: readonly KnownAuthorityKey[];
}

export interface AuthorityDirectory {
  /** Never older than the second before. Throws `database_unreachable`. Not to be called inside a transaction. */
  find(iss: string): Promise<KnownAuthority | undefined>;
  /** To be called by whoever in this process changes an authority, before the change is committed or after. */
  noteChange(): void;
}

interface Snapshot {
  readonly revision: number;
  readonly byIssuer: ReadonlyMap<string, KnownAuthority>;
}

/**
 * The reference server looks up each issuer that a stranger names, one after the other, and remembers all of them (KS
 * P17). Here everything is held, as large as the operator made it, and unknown is what is not in it. All requests of a
 * second share one question to the database, whether its revision has moved; only then is everything read again.
 */
export function createAuthorityDirectory({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): AuthorityDirectory {
  let snapshot: Snapshot | undefined;
  let checkedAt: UnixSeconds | undefined;
  /** Until then a change of our own may not be committed yet, so that the revision is asked for each time. */
  let unsettledThrough: UnixSeconds | undefined;
  let checking: Promise<Snapshot> | undefined;

  async function check(now: UnixSeconds): Promise<Snapshot> {
    const known = snapshot;
    const isCurrent = known !== undefined && (await readRevision(database.db)) === known.revision;
    const read = isCurrent ? known : toSnapshot(await readDirectory(database.db));
    snapshot = read;
    checkedAt = now;
    return read;
  }

  async function current(): Promise<Snapshot> {
    const now = clock.now();
    const isSettled = unsettledThrough === undefined || now > unsettledThrough;
    if (snapshot !== undefined && checkedAt === now && isSettled) return snapshot;
    checking ??= check(now).finally(() => {
      checking = undefined;
    });
    return checking;
  }

  return {
    find: async (iss) => (await current()).byIssuer.get(iss),
    noteChange() {
      unsettledThrough = clock.now() + 1;
    },
  };
}

function toSnapshot({ revision, rows }: { revision: number; rows: readonly DirectoryRow[] }): Snapshot {
  const byIssuer = new Map<string, KnownAuthority & { authorityKeys: KnownAuthorityKey[] }>();
  for (const { iss, authorityKey, ...authority } of rows) {
    const known = byIssuer.getOrInsertComputed(iss, () => ({ ...authority, authorityKeys: [] }));
    if (authorityKey !== null) known.authorityKeys.push(toKnownKey(authorityKey));
  }
  return { revision, byIssuer };
}

function toKnownKey({ publicKeyPem, ...known }: NonNullable<DirectoryRow["authorityKey"]>): KnownAuthorityKey {
  let parsed: KeyObject | undefined;
  return { ...known, publicKey: () => (parsed ??= createPublicKey(publicKeyPem)) };
}
