// The keys of a health authority as the double of a key server stores them: published as a list, looked at every hour.

import type { Has } from "./defect.ts";

/** A key id and which key goes by it; two keys may go by one id, one after the other. */
export interface AuthorityKey {
  readonly kid: string;
  readonly material: string;
}

export interface Authority {
  /** Takes over what the authority publishes now. */
  update(published: readonly AuthorityKey[]): void;
  accepts(signer: AuthorityKey): boolean;
}

/** One answer without a key may be a slip of the authority's server. */
const MISSED_BEFORE_REVOKED = 3;

interface StoredKey {
  material: string;
  missed: number;
  revoked: boolean;
}

export function createAuthority(has: Has): Authority {
  const stored = new Map<string, StoredKey>();

  function miss(known: StoredKey, isEmpty: boolean): void {
    if (isEmpty && !has("empty-authority-list-revokes-all")) return;
    known.missed++;
    const isImpatient = isEmpty || has("revoked-authority-key-stays-revoked");
    if (isImpatient || known.missed >= MISSED_BEFORE_REVOKED) known.revoked = true;
  }

  function take({ kid, material }: AuthorityKey): void {
    const known = stored.get(kid);
    if (known === undefined) stored.set(kid, { material, missed: 0, revoked: false });
    else if (known.material !== material) {
      // The old key is revoked first; then the insert violates the primary key, at every run.
      if (has("reused-authority-key-id")) known.revoked = true;
      else stored.set(kid, { material, missed: 0, revoked: false });
    } else {
      known.missed = 0;
      const staysRevoked = has("revoked-authority-key-stays-revoked") || has("empty-authority-list-revokes-all");
      if (!staysRevoked && !has("reused-authority-key-id")) known.revoked = false;
    }
  }

  return {
    update(published) {
      const listed = new Set(published.map(({ kid }) => kid));
      for (const [kid, known] of stored) if (!listed.has(kid)) miss(known, published.length === 0);
      for (const authorityKey of published) take(authorityKey);
    },
    accepts: ({ kid, material }) => {
      const known = stored.get(kid);
      return known !== undefined && known.material === material && !known.revoked;
    },
  };
}
