// The words of the revision feature: token keys, opened tokens, settings, errors.

import type { KeyObject } from "node:crypto";
import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { Database } from "../../platform/database/database.ts";
import type { EncryptionKeys } from "../../platform/keys/encryption-keys.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { TokenEntry } from "./token-form.ts";

/** A key under which revision tokens are sealed and opened, as the database has it. */
export interface TokenKey {
  /** Eight random bytes in hex; a token names its key by them. */
  readonly id: string;
  /** The secret under the encryption key; null once it was destroyed. */
  readonly wrapped: Uint8Array | null;
  readonly authenticated: Uint8Array;
  /** null: made here. Otherwise the supplier whose word its tokens are. */
  readonly supplierId: number | null;
  readonly createdAt: UnixSeconds;
  /** No token is opened with it from then on; null: not known yet. */
  readonly endsAt: UnixSeconds | null;
}

/** A token key whose secret is at hand. */
export interface UnwrappedTokenKey extends TokenKey {
  readonly secret: KeyObject;
}

export interface OpenedToken {
  readonly entries: readonly TokenEntry[];
}

export interface RevisionSettings {
  /** REVISION_TOKEN_KEY_ID: the name of the encryption key that wraps token keys. */
  readonly encryptionKeyName: string;
  /** REVISION_TOKEN_AAD: what new token keys authenticate their tokens with besides. */
  readonly authenticated: Uint8Array;
  /** NEW_KEY_PERIOD (KS 5.6). */
  readonly newKeySeconds: number;
  /** DELETE_OLD_KEY_PERIOD (KS 5.6): how long a token can be opened after its key was replaced. */
  readonly oldKeySeconds: number;
  /** REVISION_KEY_CACHE_DURATION: how old what this process knows about token keys may be. */
  readonly cacheSeconds: number;
}

export const DEFAULT_REVISION_SETTINGS: Omit<RevisionSettings, "authenticated"> = {
  encryptionKeyName: "revision-tokens",
  newKeySeconds: 7 * DAY,
  oldKeySeconds: 360 * HOUR,
  cacheSeconds: MINUTE,
};

export interface RevisionDeps {
  readonly database: Database;
  readonly encryptionKeys: EncryptionKeys;
  readonly random: Random;
  readonly report: Report;
  /** Of the supplier whose listing the import source of this name is. Throws `source_unknown`. */
  findSupplierId(database: Database, name: string): Promise<number>;
  readonly settings: RevisionSettings;
}

export type RevisionErrorCode =
  /** No token can be sealed: the encryption key or the database does not answer. */
  | "token_key_unavailable"
  /** A hand-over that is damaged, for another recipient, or from nobody. */
  | "token_key_transfer_invalid";
