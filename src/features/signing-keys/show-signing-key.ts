// A signing key as it may be seen: its public half, and the seals that name it.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import type { SigningKeys } from "../../platform/keys/signing-keys.ts";

/** A seal of some location that names one of our signing keys. */
export interface SealUse {
  readonly signingKey: string;
  readonly location: string;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

export interface SigningKeysDeps {
  readonly signingKeys: SigningKeys;
  /** The seals that name signing keys, of all locations. */
  readonly readSealUses: (database: Database) => Promise<readonly SealUse[]>;
}

export interface SeenSigningKey {
  readonly name: string;
  readonly publicKeyPem: string | null;
  /** Why it cannot be used: `signing_key_unusable`. */
  readonly problem: string | null;
  readonly uses: readonly SealUse[];
}

/** One that is unusable is shown as such, since an operator has to see it to mend it; null: there is none. */
export async function showSigningKey(
  { signingKeys }: SigningKeysDeps,
  name: string,
  uses: readonly SealUse[],
): Promise<SeenSigningKey | null> {
  const seen = { name, uses: uses.filter(({ signingKey }) => signingKey === name) };
  try {
    return { ...seen, publicKeyPem: await signingKeys.publicKeyPem(name), problem: null };
  } catch (error) {
    const code = codeOf(error);
    if (code === "signing_key_unusable") return { ...seen, publicKeyPem: null, problem: code };
    if (code === "signing_key_missing" || code === "signing_key_name_invalid") return null;
    throw error;
  }
}
